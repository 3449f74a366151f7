/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API with many peers, one blocking call a message. The warm-up and what is measured are two phases: the
 * sender waits in between for a line on its standard input (see phases.ts). Compiled on demand by bench/build.ts.
 *
 *   publish <bind-to> <message-size> <count> <warm-up> <variant> <peers>        XPUB that waits instead of dropping
 *   subscribe <connect-to> <message-size> <count> <warm-up> <variant> <peers>   XSUB with so many connections, measures
 */
#include "libzmq.h"

/* As in phases.ts. */
#define BACKLOG 8192

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

/* The receiver's two phases; the clock starts with the first message of the second, which then does not count. */
static void receive_phases(void *socket, size_t size, uint64_t count, uint64_t warm_up) {
  receive_many(socket, size, warm_up);
  report_warm(warm_up);
  receive_many(socket, size, 1);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  receive_many(socket, size, count - 1);
  report_rate(count - 1, start, cpu);
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
  void *socket = zmq_socket(context, ZMQ_XPUB);
  if (!socket) fail("zmq_socket");
  set_option(socket, ZMQ_XPUB_NODROP, 1);
  set_option(socket, ZMQ_XPUB_VERBOSE, 1);
  bind_and_report(socket, endpoint);
  receive_many(socket, 1, (uint64_t)peers);
  send_phases(socket, size, count, warm_up);
  zmq_close(socket);
}

static void subscribe(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int peers) {
  void *socket = zmq_socket(context, ZMQ_XSUB);
  if (!socket) fail("zmq_socket");
  for (int i = 0; i < peers; i++) {
    if (zmq_connect(socket, endpoint) != 0) fail("zmq_connect");
  }
  if (zmq_send(socket, "\x01", 1, 0) < 0) fail("zmq_send");
  receive_phases(socket, size, count * (uint64_t)peers, warm_up * (uint64_t)peers);
  zmq_close(socket);
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
  if (strcmp(role, "publish") == 0) publish(context, endpoint, size, count, warm_up, peers);
  else if (strcmp(role, "subscribe") == 0) subscribe(context, endpoint, size, count, warm_up, peers);
  else {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
