/* SPDX-License-Identifier: MIT
 *
 * libzmq's C API matching topics with prefixes, as ours-matching.ts does it: PUB and SUB over inproc in one thread, with
 * the same prefixes and topics.
 *
 *   match <name> <topic-size> <count> <warm-up> "" <prefixes>
 */
#include "gauge.h"

#define BURST 500
#define PROBES 10000
#define HIT_EVERY 10
/* Subscriptions after which the publisher takes them in and the subscriber hears of it: without room they would be lost. */
#define STEP 100

static size_t put_prefix(char *at, uint64_t index, size_t size) {
  char tail[32];
  size_t length = (size_t)snprintf(tail, sizeof tail, "site/%02u/r%02u/%04u", (unsigned)(index % 100),
                                   (unsigned)(index / 100 % 100), (unsigned)(index / 10000));
  size_t stem = size > length ? size - length : 0;
  for (size_t i = 0; i < stem; i++) at[i] = "stem/"[i % 5];
  memcpy(at + stem, tail, length);
  return stem + length;
}

static void publish(void *publisher, const char *topic, size_t size) {
  if (zmq_send(publisher, topic, size, ZMQ_DONTWAIT) < 0) fail("zmq_send");
}

static void match(void *context, const char *endpoint, size_t size, uint64_t count, uint64_t warm_up, uint64_t prefixes) {
  void *publisher = zmq_socket(context, ZMQ_PUB), *subscriber = zmq_socket(context, ZMQ_SUB);
  if (!publisher || !subscriber) fail("zmq_socket");
  if (zmq_bind(publisher, endpoint) != 0) fail("zmq_bind");
  if (zmq_connect(subscriber, endpoint) != 0) fail("zmq_connect");
  char topic[256];
  char(*topics)[256] = malloc(PROBES * sizeof *topics);
  zmq_msg_t message;
  zmq_msg_init(&message);

  uint64_t before = resident(), start = now_ns();
  for (uint64_t i = 0; i < prefixes; i++) {
    size_t length = put_prefix(topic, i, size);
    if (zmq_setsockopt(subscriber, ZMQ_SUBSCRIBE, topic, length) != 0) fail("zmq_setsockopt");
    if (i % STEP < STEP - 1) continue;
    settle(publisher);
    settle(subscriber);
  }
  size_t length = put_prefix(topic, prefixes - 1, size);
  do publish(publisher, topic, length);
  while (zmq_msg_recv(&message, subscriber, ZMQ_DONTWAIT) < 0);
  double setup = (now_ns() - start) / 1e9;
  printf("{\"setup\":%.9f,\"memory\":%.3f}\n", setup, ((double)resident() - (double)before) / (double)prefixes);
  fflush(stdout);

  for (unsigned i = 0; i < PROBES; i++) {
    put_prefix(topics[i], i * 7919u % prefixes, size);
    if (i % HIT_EVERY != 0) topics[i][size - 1 - i % 11] = 'x';
  }
  double cpu = 0;
  uint64_t at = 0, done = 0;
  start = 0;
  while (done < warm_up + count) {
    if (done == warm_up) {
      cpu = cpu_seconds();
      start = now_ns();
    }
    uint64_t left = (done < warm_up ? warm_up : warm_up + count) - done, burst = left < BURST ? left : BURST, hits = 0;
    for (uint64_t i = 0; i < burst; i++) {
      if (at % HIT_EVERY == 0) hits++;
      publish(publisher, topics[at], size);
      at = at == PROBES - 1 ? 0 : at + 1;
    }
    for (uint64_t i = 0; i < hits; i++) receive_one(subscriber, &message, size);
    if (zmq_msg_recv(&message, subscriber, ZMQ_DONTWAIT) >= 0) {
      fprintf(stderr, "more than what matches arrived\n");
      exit(1);
    }
    /* While it only sends, the library looks for the receiver's news every millisecond or so: too late, and it would drop. */
    settle(publisher);
    done += burst;
  }
  report_rate(count, start, cpu);
  zmq_msg_close(&message);
  zmq_close(subscriber);
  zmq_close(publisher);
}

int main(int argc, char **argv) {
  if (argc < 8 || strcmp(argv[1], "match") != 0) {
    fprintf(stderr, "usage: %s match <name> <topic-size> <count> <warm-up> \"\" <prefixes>\n", argv[0]);
    return 2;
  }
  void *context = zmq_ctx_new();
  if (!context) fail("zmq_ctx_new");
  match(context, argv[2], strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), strtoull(argv[5], NULL, 10),
        strtoull(argv[7], NULL, 10));
  fflush(stdout);
  zmq_ctx_term(context);
  return 0;
}
