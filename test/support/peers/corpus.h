/* SPDX-License-Identifier: MIT */
/* Messages made from a seed, and their digest: the C twin of corpus.ts, which explains the scheme. */
#ifndef PEER_CORPUS_H
#define PEER_CORPUS_H

#include <stdio.h>
#include <stdlib.h>

#include "sha256.h"

enum { BLOCK_LENGTH = 65521 };

static uint8_t doubled_block[2 * BLOCK_LENGTH];

static void make_block(void) {
  uint32_t state = 0x9e3779b9;
  for (int i = 0; i < BLOCK_LENGTH; i++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    doubled_block[i] = doubled_block[i + BLOCK_LENGTH] = (uint8_t)(state >> 24);
  }
}

static void fill_part(uint8_t *octets, uint64_t seed, uint64_t message, uint64_t part, size_t size) {
  uint64_t offset = 7919 * seed + 131 * message + 31 * part;
  for (size_t tile = 0, position = 0; position < size; tile++, position += BLOCK_LENGTH) {
    size_t left = size - position;
    memcpy(octets + position, doubled_block + (offset + tile) % BLOCK_LENGTH, left < BLOCK_LENGTH ? left : BLOCK_LENGTH);
  }
}

/* Shapes: for each, the sizes of its parts. */
struct shape {
  size_t parts;
  size_t *sizes;
};

struct corpus {
  uint64_t seed;
  uint64_t count;
  size_t shape_count;
  struct shape *shapes;
};

/* Parses "0/255,1x1000"; the memory is kept until the process ends. */
static void parse_shapes(struct corpus *corpus, const char *text) {
  corpus->shape_count = 0;
  corpus->shapes = NULL;
  for (;;) {
    corpus->shapes = realloc(corpus->shapes, (corpus->shape_count + 1) * sizeof *corpus->shapes);
    struct shape *shape = &corpus->shapes[corpus->shape_count++];
    *shape = (struct shape){0, NULL};
    for (;;) {
      char *end;
      size_t size = strtoul(text, &end, 10), times = 1;
      if (*end == 'x') times = strtoul(end + 1, &end, 10);
      shape->sizes = realloc(shape->sizes, (shape->parts + times) * sizeof *shape->sizes);
      while (times-- > 0) shape->sizes[shape->parts++] = size;
      text = end;
      if (*text != ',') break;
      text++;
    }
    if (*text != '/') return;
    text++;
  }
}

struct summary {
  struct sha256 hash;
  uint64_t messages, parts, octets;
};

static void summary_init(struct summary *summary) {
  memset(summary, 0, sizeof *summary);
  sha256_init(&summary->hash);
}

static void summary_number(struct summary *summary, uint64_t value) {
  uint8_t octets[4] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value};
  sha256_update(&summary->hash, octets, 4);
}

static void summary_message(struct summary *summary, size_t parts) {
  summary->messages++;
  summary_number(summary, parts);
}

static void summary_part(struct summary *summary, const void *octets, size_t size) {
  summary->parts++;
  summary->octets += size;
  summary_number(summary, size);
  sha256_update(&summary->hash, octets, size);
}

static void summary_print(struct summary *summary) {
  uint8_t digest[32];
  sha256_finish(&summary->hash, digest);
  printf("ok %llu %llu %llu ", (unsigned long long)summary->messages, (unsigned long long)summary->parts,
         (unsigned long long)summary->octets);
  for (int i = 0; i < 32; i++) printf("%02x", digest[i]);
  printf("\n");
}

#endif
