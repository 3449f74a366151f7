/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API with many peers, one blocking call a message. The warm-up and what is measured are two phases: the
 * sender waits in between for a line on its standard input (see phases.ts). Compiled on demand by bench/build.ts.
 *
 *   publish <bind-to> <message-size> <count> <warm-up> <variant> <peers>        XPUB that waits instead of dropping
 *   subscribe <connect-to> <message-size> <count> <warm-up> <variant> <peers>   XSUB with so many connections, measures
 *   collect <bind-to> …       PULL, measures
 *   distribute <connect-to> … PUSH with so many connections
 *   serve <bind-to> …         ROUTER, echoes
 *   ask <connect-to> … <window>   so many DEALER sockets, so many requests each under way, measures
 */
#include "libzmq.h"

/* As in phases.ts. */
#define BACKLOG 8192
#define SPARE_SOCKETS 16

static void *open_socket(void *context, int type) {
  void *socket = zmq_socket(context, type);
  if (!socket) fail("zmq_socket");
  return socket;
}

static void set_option(void *socket, int option, int value) {
  if (zmq_setsockopt(socket, option, &value, sizeof value) != 0) fail("zmq_setsockopt");
}

static void bind_and_report(void *socket, const char *endpoint) {
  set_option(socket, ZMQ_BACKLOG, BACKLOG);
  if (zmq_bind(socket, endpoint) != 0) fail("zmq_bind");
  char bound[256];
  size_t length = sizeof bound;
  if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &length) != 0) fail("zmq_getsockopt");
  printf("{\"ready\":\"%s\"}\n", bound);
  fflush(stdout);
}

static void wait_to_proceed(void) {
  char octet;
  while (read(0, &octet, 1) > 0 && octet != '\n') continue;
}

static void report_warm(uint64_t messages) {
  printf("{\"warm\":%llu}\n", (unsigned long long)messages);
  fflush(stdout);
}

/* The receiver's two phases. */
static void receive_phases(void *socket, size_t size, uint64_t count, uint64_t warm_up) {
  receive_many(socket, size, warm_up);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  report_warm(warm_up);
  receive_many(socket, size, count);
  report_rate(count, start, cpu);
}

static void send_phases(void *socket, size_t size, uint64_t count, uint64_t warm_up) {
  send_many(socket, size, warm_up);
  wait_to_proceed();
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  send_many(socket, size, count);
  wait_for_release();
  report_rate(count, start, cpu);
}

static void publish(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers) {
  void *socket = open_socket(context, ZMQ_XPUB);
  set_option(socket, ZMQ_XPUB_NODROP, 1);
  set_option(socket, ZMQ_XPUB_VERBOSE, 1);
  bind_and_report(socket, endpoint);
  receive_many(socket, 1, (uint64_t)peers);
  send_phases(socket, size, count, warm_up);
  zmq_close(socket);
}

static void subscribe(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers) {
  void *socket = open_socket(context, ZMQ_XSUB);
  for (int i = 0; i < peers; i++) {
    if (zmq_connect(socket, endpoint) != 0) fail("zmq_connect");
  }
  if (zmq_send(socket, "\x01", 1, 0) < 0) fail("zmq_send");
  receive_phases(socket, size, count * (uint64_t)peers, warm_up * (uint64_t)peers);
  zmq_close(socket);
}

static void collect(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers) {
  void *socket = open_socket(context, ZMQ_PULL);
  bind_and_report(socket, endpoint);
  receive_phases(socket, size, count * (uint64_t)peers, warm_up * (uint64_t)peers);
  zmq_close(socket);
}

static void distribute(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers) {
  void *socket = open_socket(context, ZMQ_PUSH);
  for (int i = 0; i < peers; i++) {
    if (zmq_connect(socket, endpoint) != 0) fail("zmq_connect");
  }
  send_phases(socket, size, count * (uint64_t)peers, warm_up * (uint64_t)peers);
  zmq_close(socket);
}

static void echo_many(void *socket, size_t size, uint64_t requests) {
  zmq_msg_t id, body;
  zmq_msg_init(&id);
  zmq_msg_init(&body);
  for (uint64_t i = 0; i < requests; i++) {
    if (zmq_msg_recv(&id, socket, 0) < 0) fail("zmq_msg_recv");
    receive_one(socket, &body, size);
    if (zmq_msg_send(&id, socket, ZMQ_SNDMORE) < 0) fail("zmq_msg_send");
    if (zmq_msg_send(&body, socket, 0) < 0) fail("zmq_msg_send");
  }
}

static void serve(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers) {
  void *socket = open_socket(context, ZMQ_ROUTER);
  bind_and_report(socket, endpoint);
  echo_many(socket, size, warm_up * (uint64_t)peers);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  echo_many(socket, size, count * (uint64_t)peers);
  wait_for_release();
  report_rate(count * (uint64_t)peers, start, cpu);
  zmq_close(socket);
}

/* In each window, each client sends so many requests and then takes as many replies. */
static void exchange(void **clients, int peers, size_t size, uint64_t count, uint64_t window) {
  for (uint64_t left = count; left > 0; left -= window) {
    if (window > left) window = left;
    for (int i = 0; i < peers; i++) send_many(clients[i], size, window);
    for (int i = 0; i < peers; i++) receive_many(clients[i], size, window);
  }
}

static void ask(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers,
                uint64_t window) {
  void **clients = calloc((size_t)peers, sizeof *clients);
  for (int i = 0; i < peers; i++) {
    clients[i] = open_socket(context, ZMQ_DEALER);
    if (zmq_connect(clients[i], endpoint) != 0) fail("zmq_connect");
  }
  exchange(clients, peers, size, warm_up, window);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  exchange(clients, peers, size, count, window);
  report_rate(count * (uint64_t)peers, start, cpu);
  for (int i = 0; i < peers; i++) zmq_close(clients[i]);
}

int main(int argc, char **argv) {
  if (argc < 8) {
    fprintf(stderr, "usage: %s <role> <endpoint> <message-size> <count> <warm-up> <variant> <peers>\n", argv[0]);
    return 2;
  }
  const char *role = argv[1], *endpoint = argv[2];
  size_t size = strtoull(argv[3], NULL, 10);
  uint64_t count = strtoull(argv[4], NULL, 10), warm_up = strtoull(argv[5], NULL, 10);
  int peers = atoi(argv[7]);
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  if (zmq_ctx_set(context, ZMQ_MAX_SOCKETS, peers + SPARE_SOCKETS) != 0) fail("zmq_ctx_set");
  if (strcmp(role, "publish") == 0) publish(context, endpoint, size, count, warm_up, peers);
  else if (strcmp(role, "subscribe") == 0) subscribe(context, endpoint, size, count, warm_up, peers);
  else if (strcmp(role, "collect") == 0) collect(context, endpoint, size, count, warm_up, peers);
  else if (strcmp(role, "distribute") == 0) distribute(context, endpoint, size, count, warm_up, peers);
  else if (strcmp(role, "serve") == 0) serve(context, endpoint, size, count, warm_up, peers);
  else if (strcmp(role, "ask") == 0) ask(context, endpoint, size, count, warm_up, peers, argc > 8 ? strtoull(argv[8], NULL, 10) : 1);
  else {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
