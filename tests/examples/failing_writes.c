// SPDX-License-Identifier: MIT
// Preloaded, lets the CENSUS_FAIL_ATth write to a file below the folder CENSUS_FAIL_IN fail as on a full disk, and each
// after it; a file that is made, renamed or brought to the disk counts as a write. With CENSUS_FAIL_COUNT it writes to
// that file how many there were.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long writes;

static int lies_in_folder(char const* path) {
  char const* const folder = getenv("CENSUS_FAIL_IN");
  return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

static int file_lies_in_folder(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t const length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return lies_in_folder(path);
}

static int fails(void) {
  char const* const at = getenv("CENSUS_FAIL_AT");
  long const number = atomic_fetch_add(&writes, 1) + 1;
  if (at == NULL || number < atol(at)) return 0;
  errno = ENOSPC;
  return 1;
}

__attribute__((destructor)) static void tell(void) {
  char const* const path = getenv("CENSUS_FAIL_COUNT");
  FILE* const file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fprintf(file, "%ld\n", (long)atomic_load(&writes));
  fclose(file);
}

ssize_t write(int file, void const* bytes, size_t count) {
  static ssize_t (*real)(int, void const*, size_t);
  if (real == NULL) real = (ssize_t(*)(int, void const*, size_t))dlsym(RTLD_NEXT, "write");
  return file > 2 && file_lies_in_folder(file) && fails() ? -1 : real(file, bytes, count);
}

ssize_t pwrite(int file, void const* bytes, size_t count, off_t offset) {
  static ssize_t (*real)(int, void const*, size_t, off_t);
  if (real == NULL) real = (ssize_t(*)(int, void const*, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
  return file_lies_in_folder(file) && fails() ? -1 : real(file, bytes, count, offset);
}

int fsync(int file) {
  static int (*real)(int);
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return file_lies_in_folder(file) && fails() ? -1 : real(file);
}

int rename(char const* from, char const* to) {
  static int (*real)(char const*, char const*);
  if (real == NULL) real = (int (*)(char const*, char const*))dlsym(RTLD_NEXT, "rename");
  return lies_in_folder(to) && fails() ? -1 : real(from, to);
}

int open(char const* path, int how, ...) {
  static int (*real)(char const*, int, ...);
  if (real == NULL) real = (int (*)(char const*, int, ...))dlsym(RTLD_NEXT, "open");
  va_list more;
  va_start(more, how);
  mode_t const mode = (how & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return (how & O_CREAT) != 0 && lies_in_folder(path) && fails() ? -1 : real(path, how, mode);
}
