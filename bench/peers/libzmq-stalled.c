/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API beside somebody who does not take what comes, in the roles of ours-stalled.ts.
 *
 *   stalled_send <bind-to> <message-size> <milliseconds> 1 PUSH|PUB|ROUTER
 *   stalled_receive <bind-to> <message-size> <milliseconds>
 */
#include "gauge.h"

#define BURST 1000
/* Nanoseconds between two looks. */
#define EVERY 20000000u

/* One burst, or a wait of a millisecond where there is nothing to send; gives the messages. */
static uint64_t work(void *socket, const char *type, const void *payload, size_t size) {
  if (!type) {
    usleep(1000);
    return 0;
  }
  int is_router = strcmp(type, "ROUTER") == 0;
  for (int i = 0; i < BURST; i++) {
    if (is_router && zmq_send(socket, "stranger", 8, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 && zmq_errno() != EAGAIN) fail("zmq_send");
    if (zmq_send(socket, payload, size, ZMQ_DONTWAIT) < 0 && zmq_errno() != EAGAIN) fail("zmq_send");
  }
  return BURST;
}

/* As `watched` in watch.ts. */
static void watched(double milliseconds, void *socket, const char *type, size_t size) {
  void *payload = calloc(1, size + 1);
  double sums[3] = {0, 0, 0}, counts[3] = {0, 0, 0}, peak = 0, base;
  uint64_t offered = 0, next = 0;
  settle(socket);
  base = (double)resident();
  uint64_t start = now_ns();
  for (double elapsed = 0; elapsed < milliseconds; elapsed = (now_ns() - start) / 1e6) {
    offered += work(socket, type, payload, size);
    if (now_ns() < next) continue;
    double held = (double)resident();
    int third = (int)(elapsed * 3 / milliseconds);
    sums[third] += held;
    counts[third]++;
    if (held > peak) peak = held;
    next = now_ns() + EVERY;
  }
  double seconds = (now_ns() - start) / 1e9;
  double growth = counts[1] > 0 && counts[2] > 0 ? sums[2] / counts[2] - sums[1] / counts[1] : 0;
  printf("{\"seconds\":%.9f,\"offered\":%llu,\"peak\":%.0f,\"growth\":%.0f}\n", seconds,
         (unsigned long long)offered, peak - base, growth);
  free(payload);
}

int main(int argc, char **argv) {
  if (argc < 5) {
    fprintf(stderr, "usage: %s <role> <bind-to> <message-size> <milliseconds> [1] [PUSH|PUB|ROUTER]\n", argv[0]);
    return 2;
  }
  const char *type = strcmp(argv[1], "stalled_send") == 0 && argc > 6 ? argv[6] : NULL;
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  int none = 0;
  void *socket = open_bound(
      context, !type ? ZMQ_PULL : strcmp(type, "PUB") == 0 ? ZMQ_PUB : strcmp(type, "ROUTER") == 0 ? ZMQ_ROUTER : ZMQ_PUSH,
      argv[2]);
  zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
  if (asked()) watched(atof(argv[4]), socket, type, strtoull(argv[3], NULL, 10));
  fflush(stdout);
  zmq_close(socket);
  zmq_ctx_term(context);
  return 0;
}
