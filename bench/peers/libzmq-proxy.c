/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API in the roles of the "proxy" suite, three processes. Neighbours: libzmq.h, ours-proxy.ts.
 *
 *   proxy  <front, bind-to> <size> <count> <warm-up> <variant> <pattern> <back, bind-to>
 *          "pipeline": PULL and PUSH; "requests": ROUTER and DEALER. Reports its processor time for each line on its
 *          standard input, and ends at the end of that.
 *   source <connect-to> <size> <count> <warm-up>     PUSH
 *   sink   <connect-to> <size> <count> <warm-up>     PULL, measures
 *   client <connect-to> <size> <count> <warm-up>     DEALER, measures; keeps WINDOW requests of one part under way
 *   worker <connect-to> <size> <count> <warm-up>     DEALER, sends back what it gets: a routing id and a part
 */
#include "libzmq.h"

#define WINDOW 100

static void report_warm(uint64_t messages) {
  printf("{\"warm\":%llu}\n", (unsigned long long)messages);
  fflush(stdout);
}

/* Until the benchmark has asked the proxy for its processor time. */
static void wait_to_proceed(void) {
  char line[64];
  if (read(0, line, sizeof line) <= 0) exit(1);
}

static void *report_until_released(void *context) {
  ssize_t length;
  char line[64];
  do {
    length = read(0, line, sizeof line);
    printf("{\"cpuSeconds\":%.6f}\n", cpu_seconds());
    fflush(stdout);
  } while (length > 0);
  zmq_ctx_shutdown(context);
  return NULL;
}

static void proxy(void *context, const char *front_endpoint, const char *back_endpoint, int requests) {
  void *front = open_bound(context, requests ? ZMQ_ROUTER : ZMQ_PULL, front_endpoint);
  void *back = open_bound(context, requests ? ZMQ_DEALER : ZMQ_PUSH, back_endpoint);
  pthread_t thread;
  if (pthread_create(&thread, NULL, report_until_released, context) != 0) fail("pthread_create");
  zmq_proxy(front, back, NULL);
  if (zmq_errno() != ETERM) fail("zmq_proxy");
  pthread_join(thread, NULL);
  zmq_close(front);
  zmq_close(back);
}

static void source(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *push = open_connected(context, ZMQ_PUSH, endpoint);
  send_many(push, size, warm_up);
  wait_to_proceed();
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  send_many(push, size, count);
  wait_for_release();
  report_rate(count, start, cpu);
  zmq_close(push);
}

static void sink(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *pull = open_connected(context, ZMQ_PULL, endpoint);
  receive_many(pull, size, warm_up);
  report_warm(warm_up);
  receive_many(pull, size, 1);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  receive_many(pull, size, count - 1);
  report_rate(count - 1, start, cpu);
  zmq_close(pull);
}

static void ask(void *dealer, size_t size, uint64_t total) {
  uint64_t sent = total < WINDOW ? total : WINDOW;
  send_many(dealer, size, sent);
  zmq_msg_t reply;
  zmq_msg_init(&reply);
  for (uint64_t i = 0; i < total; i++) {
    receive_one(dealer, &reply, size);
    if (zmq_msg_more(&reply)) fail("a reply of several parts");
    if (sent < total) {
      send_one(dealer, size);
      sent++;
    }
  }
  zmq_msg_close(&reply);
}

static void client(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *dealer = open_connected(context, ZMQ_DEALER, endpoint);
  ask(dealer, size, warm_up);
  report_warm(warm_up);
  wait_to_proceed();
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  ask(dealer, size, count);
  report_rate(count, start, cpu);
  zmq_close(dealer);
}

static void echo(void *socket, size_t size, uint64_t count) {
  zmq_msg_t id, body;
  zmq_msg_init(&id);
  zmq_msg_init(&body);
  for (uint64_t i = 0; i < count; i++) {
    if (zmq_msg_recv(&id, socket, 0) < 0) fail("zmq_msg_recv");
    receive_one(socket, &body, size);
    if (zmq_msg_send(&id, socket, ZMQ_SNDMORE) < 0) fail("zmq_msg_send");
    if (zmq_msg_send(&body, socket, 0) < 0) fail("zmq_msg_send");
  }
}

static void worker(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *dealer = open_connected(context, ZMQ_DEALER, endpoint);
  echo(dealer, size, warm_up);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  echo(dealer, size, count);
  wait_for_release();
  report_rate(count, start, cpu);
  zmq_close(dealer);
}

int main(int argc, char **argv) {
  if (argc < 9) {
    fprintf(stderr, "usage: %s <role> <endpoint> <size> <count> <warm-up> <variant> <pattern> <back>\n", argv[0]);
    return 2;
  }
  const char *role = argv[1], *endpoint = argv[2];
  size_t size = strtoull(argv[3], NULL, 10);
  uint64_t count = strtoull(argv[4], NULL, 10), warm_up = strtoull(argv[5], NULL, 10);
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  if (strcmp(role, "proxy") == 0) proxy(context, endpoint, argv[8], strcmp(argv[7], "requests") == 0);
  else if (strcmp(role, "source") == 0) source(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "sink") == 0) sink(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "client") == 0) client(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "worker") == 0) worker(context, endpoint, size, count, warm_up);
  else {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
