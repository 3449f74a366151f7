/* SPDX-License-Identifier: MIT
 *
 * What gauge.ts is for the JavaScript peers: what a process holds, and when the benchmark wants to know it. Linux only for
 * the figures; elsewhere they are 0. Used by libzmq-idle.c and libzmq-stalled.c.
 */
#ifndef BENCH_GAUGE_H
#define BENCH_GAUGE_H

#include "libzmq.h"
#include <dirent.h>

/* Octets that the operating system counts as this process's. */
static inline uint64_t resident(void) {
  unsigned long long all = 0, pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file) {
    if (fscanf(file, "%llu %llu", &all, &pages) != 2) pages = 0;
    fclose(file);
  }
  return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Has a socket take note of what its I/O threads have told it: new peers, above all. */
static inline void settle(void *socket) {
  int events;
  size_t length = sizeof events;
  if (zmq_getsockopt(socket, ZMQ_EVENTS, &events, &length) != 0) fail("zmq_getsockopt");
}

/* True with each line on standard input, false at its end. */
static inline int asked(void) {
  char line[64];
  return fgets(line, sizeof line, stdin) != NULL;
}

/* Reports what is held. Nothing is released beforehand: what the allocator keeps, the process has. */
static inline void weigh(void *socket) {
  for (int i = 0; i < 10; i++) {
    usleep(10000);
    settle(socket);
  }
  printf("{\"rss\":%llu}\n", (unsigned long long)resident());
  fflush(stdout);
}

/* Sockets of the system that this process has open, all of its own kinds of sockets aside; many where none can tell. */
static inline int connections(void) {
  int count = 0;
  DIR *folder = opendir("/proc/self/fd");
  if (!folder) return 1 << 20;
  for (struct dirent *entry; (entry = readdir(folder));) {
    char path[300], target[64];
    snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
    ssize_t length = readlink(path, target, sizeof target);
    if (length > 7 && memcmp(target, "socket:", 7) == 0) count++;
  }
  closedir(folder);
  return count;
}

#endif
