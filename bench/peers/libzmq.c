/* SPDX-License-Identifier: MIT
 *
 * The C peer of the benchmarks: libzmq's own API in the roles of its classic tools, with the same argument order
 * and this suite's reports (one JSON object a line, see bench/README.md). Compiled on demand by bench/build.ts.
 *
 *   local_thr  <bind-to> <message-size> <message-count> [warm-up]     PULL, measures
 *   remote_thr <connect-to> <message-size> <message-count> [warm-up]  PUSH
 *   local_lat  <bind-to> <message-size> <round-trips> [warm-up] [req|pair]      echoes
 *   remote_lat <connect-to> <message-size> <round-trips> [warm-up] [req|pair]   measures
 *   inproc_thr <name> <message-size> <message-count> [warm-up] [two|one]  threads: PUSH and PULL in one process
 */
#include "libzmq.h"

/* How many messages the one-thread inproc role sends before it receives them; below the default high-water marks. */
#define BURST 500

static void local_thr(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *pull = open_bound(context, ZMQ_PULL, endpoint);
  receive_many(pull, size, warm_up);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  receive_many(pull, size, count);
  report_rate(count, start, cpu);
  zmq_close(pull);
}

static void remote_thr(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up) {
  void *push = open_connected(context, ZMQ_PUSH, endpoint);
  send_many(push, size, warm_up);
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  send_many(push, size, count);
  wait_for_release();
  report_rate(count, start, cpu);
  zmq_close(push);
}

static void local_lat(void *context, const char *endpoint, size_t size, uint64_t total, int pair) {
  void *socket = open_bound(context, pair ? ZMQ_PAIR : ZMQ_REP, endpoint);
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (uint64_t i = 0; i < total; i++) {
    receive_one(socket, &message, size);
    if (zmq_msg_send(&message, socket, 0) < 0) fail("zmq_msg_send");
  }
  zmq_close(socket);
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static double half_us(const uint32_t *sorted, uint64_t count, double quantile) {
  return sorted[(uint64_t)(quantile * (double)(count - 1))] / 2e3;
}

static void remote_lat(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int pair) {
  void *socket = open_connected(context, pair ? ZMQ_PAIR : ZMQ_REQ, endpoint);
  uint32_t *samples = malloc(count * sizeof *samples);
  zmq_msg_t message;
  zmq_msg_init_size(&message, size);
  memset(zmq_msg_data(&message), 'x', size);
  double cpu = 0;
  uint64_t start = 0;
  for (uint64_t i = 0; i < warm_up + count; i++) {
    if (i == warm_up) {
      cpu = cpu_seconds();
      start = now_ns();
    }
    uint64_t before = now_ns();
    if (zmq_msg_send(&message, socket, 0) < 0) fail("zmq_msg_send");
    receive_one(socket, &message, size);
    if (i >= warm_up) samples[i - warm_up] = (uint32_t)(now_ns() - before);
  }
  double seconds = (now_ns() - start) / 1e9;
  cpu = cpu_seconds() - cpu;
  qsort(samples, count, sizeof *samples, ascending);
  printf("{\"roundTrips\":%llu,\"seconds\":%.9f,\"cpuSeconds\":%.6f,\"mean\":%.4f,\"p50\":%.4f,\"p99\":%.4f,"
         "\"p999\":%.4f}\n",
         (unsigned long long)count, seconds, cpu, seconds * 1e6 / 2 / (double)count, half_us(samples, count, 0.5),
         half_us(samples, count, 0.99), half_us(samples, count, 0.999));
  zmq_close(socket);
}

struct sender {
  void *context;
  const char *endpoint;
  size_t size;
  uint64_t total;
};

static void *sender_thread(void *argument) {
  struct sender *sender = argument;
  void *push = open_connected(sender->context, ZMQ_PUSH, sender->endpoint);
  send_many(push, sender->size, sender->total);
  zmq_close(push);
  return NULL;
}

static void bursts(void *push, void *pull, size_t size, uint64_t count) {
  while (count > 0) {
    uint64_t burst = count < BURST ? count : BURST;
    send_many(push, size, burst);
    receive_many(pull, size, burst);
    count -= burst;
  }
}

static void inproc_thr(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, int one) {
  void *pull = open_bound(context, ZMQ_PULL, endpoint);
  void *push = NULL;
  pthread_t thread;
  struct sender sender = {context, endpoint, size, warm_up + count};
  if (one) {
    push = open_connected(context, ZMQ_PUSH, endpoint);
    bursts(push, pull, size, warm_up);
  } else {
    if (pthread_create(&thread, NULL, sender_thread, &sender) != 0) fail("pthread_create");
    receive_many(pull, size, warm_up);
  }
  double cpu = cpu_seconds();
  uint64_t start = now_ns();
  if (one) {
    bursts(push, pull, size, count);
  } else {
    receive_many(pull, size, count);
  }
  report_rate(count, start, cpu);
  if (one) {
    zmq_close(push);
  } else {
    pthread_join(thread, NULL);
  }
  zmq_close(pull);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "version") == 0) {
    int major, minor, patch;
    zmq_version(&major, &minor, &patch);
    printf("{\"version\":\"%d.%d.%d\"}\n", major, minor, patch);
    return 0;
  }
  if (argc < 5) {
    fprintf(stderr, "usage: %s <role> <endpoint> <message-size> <count> [warm-up] [variant]\n", argv[0]);
    return 2;
  }
  const char *role = argv[1], *endpoint = argv[2], *variant = argc > 6 ? argv[6] : "";
  size_t size = strtoull(argv[3], NULL, 10);
  uint64_t count = strtoull(argv[4], NULL, 10), warm_up = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
  int pair = strcmp(variant, "pair") == 0;
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  if (strcmp(role, "local_thr") == 0) local_thr(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "remote_thr") == 0) remote_thr(context, endpoint, size, count, warm_up);
  else if (strcmp(role, "local_lat") == 0) local_lat(context, endpoint, size, count + warm_up, pair);
  else if (strcmp(role, "remote_lat") == 0) remote_lat(context, endpoint, size, count, warm_up, pair);
  else if (strcmp(role, "inproc_thr") == 0) inproc_thr(context, endpoint, size, count, warm_up, strcmp(variant, "one") == 0);
  else {
    fprintf(stderr, "unknown role %s\n", role);
    return 2;
  }
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
