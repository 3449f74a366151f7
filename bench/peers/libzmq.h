/* SPDX-License-Identifier: MIT
 *
 * What the C peers of the benchmarks share: errors, clocks, sockets, single messages, and the reports (one JSON object a
 * line, see bench/README.md). Used by the programs libzmq*.c; every function is static, so that each needs no linking.
 */
#ifndef BENCH_LIBZMQ_H
#define BENCH_LIBZMQ_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

static inline void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, zmq_strerror(zmq_errno()));
  exit(1);
}

static inline uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline double cpu_seconds(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static inline void *open_bound(void *context, int type, const char *endpoint) {
  void *socket = zmq_socket(context, type);
  if (!socket) fail("zmq_socket");
  if (zmq_bind(socket, endpoint) != 0) fail("zmq_bind");
  char bound[256];
  size_t length = sizeof bound;
  if (zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &length) != 0) fail("zmq_getsockopt");
  printf("{\"ready\":\"%s\"}\n", bound);
  fflush(stdout);
  return socket;
}

static inline void *open_connected(void *context, int type, const char *endpoint) {
  void *socket = zmq_socket(context, type);
  if (!socket) fail("zmq_socket");
  if (zmq_connect(socket, endpoint) != 0) fail("zmq_connect");
  return socket;
}

/* The body is left as it comes, as in libzmq's own tool: filling it would count against the C library. */
static inline void send_one(void *socket, size_t size) {
  zmq_msg_t message;
  if (zmq_msg_init_size(&message, size) != 0) fail("zmq_msg_init_size");
  if (zmq_msg_send(&message, socket, 0) < 0) fail("zmq_msg_send");
}

static inline void receive_one(void *socket, zmq_msg_t *message, size_t size) {
  if (zmq_msg_recv(message, socket, 0) < 0) fail("zmq_msg_recv");
  if (zmq_msg_size(message) != size) {
    fprintf(stderr, "a message of %zu octets instead of %zu\n", zmq_msg_size(message), size);
    exit(1);
  }
}

static inline void receive_many(void *socket, size_t size, uint64_t count) {
  zmq_msg_t message;
  zmq_msg_init(&message);
  for (uint64_t i = 0; i < count; i++) receive_one(socket, &message, size);
  zmq_msg_close(&message);
}

static inline void send_many(void *socket, size_t size, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) send_one(socket, size);
}

static inline void report_rate(uint64_t count, uint64_t start, double cpu) {
  printf("{\"messages\":%llu,\"seconds\":%.9f,\"cpuSeconds\":%.6f}\n", (unsigned long long)count,
         (now_ns() - start) / 1e9, cpu_seconds() - cpu);
}

/* Holds the sender until the receiver has all: libzmq 4.3.4 loses messages over ipc when a sender closes at once. */
static inline void wait_for_release(void) {
  char octet;
  if (isatty(0)) return;
  while (read(0, &octet, 1) > 0) continue;
}

#endif
