// SPDX-License-Identifier: MIT
// Preloaded, lets a write to a file below the folder CENSUS_FAIL_IN fail as on a full disk, and each after it; a file
// that is made, renamed or brought to the disk counts as a write. CENSUS_FAIL_AT="NUMBER ACTION FILE" says which: that
// write of its kind, as "1 rename layers.csv". With CENSUS_FAIL_COUNT it writes to that file how many there were of
// each kind, a line each. Of names, numbers are N, and a file that is not in its place yet has the name that it will
// have.
#define _GNU_SOURCE
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kind {
  char name[256];
  long writes;
};
static struct kind kinds[256];
static int is_full;
static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;

static int lies_in_folder(char const* path) {
  char const* const folder = getenv("CENSUS_FAIL_IN");
  return folder != NULL && path != NULL && strncmp(path, folder, strlen(folder)) == 0;
}

// The action and the file's name: of ".layers.csv.0123456789abcdef.part" and "layers.csv" the same.
static void name_kind(char* name, size_t size, char const* action, char const* path) {
  char const* const slash = strrchr(path, '/');
  char const* from = slash == NULL ? path : slash + 1;
  char const* const deleted = strstr(from, " (deleted)");
  char const* end = deleted == NULL ? from + strlen(from) : deleted;
  if (*from == '.' && end - from > 23 && strncmp(end - 5, ".part", 5) == 0) ++from, end -= 22;
  size_t length = (size_t)snprintf(name, size, "%s ", action);
  for (int after_digit = 0; from < end && length + 1 < size; ++from) {
    int const is_digit = isdigit((unsigned char)*from) != 0;
    if (!is_digit) name[length++] = *from;
    if (is_digit && !after_digit) name[length++] = 'N';
    after_digit = is_digit;
  }
  name[length] = '\0';
}

// Whether a write fails that lies in the folder.
static int fails(char const* action, char const* path) {
  char name[256];
  name_kind(name, sizeof name, action, path);
  pthread_mutex_lock(&alone);
  size_t i = 0;
  while (i + 1 < sizeof kinds / sizeof *kinds && kinds[i].writes > 0 && strcmp(kinds[i].name, name) != 0) ++i;
  snprintf(kinds[i].name, sizeof name, "%s", name);
  ++kinds[i].writes;
  char const* const at = getenv("CENSUS_FAIL_AT");
  char* asked = NULL;
  long const number = at == NULL ? 0 : strtol(at, &asked, 10);
  if (number > 0 && kinds[i].writes >= number && strcmp(asked + 1, name) == 0) is_full = 1;
  int const result = is_full;
  pthread_mutex_unlock(&alone);
  if (result) errno = ENOSPC;
  return result;
}

static int file_fails(char const* action, int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t const length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return lies_in_folder(path) && fails(action, path);
}

__attribute__((destructor)) static void tell(void) {
  char const* const path = getenv("CENSUS_FAIL_COUNT");
  FILE* const file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && kinds[i].writes > 0; ++i)
    fprintf(file, "%ld %s\n", kinds[i].writes, kinds[i].name);
  fclose(file);
}

ssize_t write(int file, void const* bytes, size_t count) {
  static ssize_t (*real)(int, void const*, size_t);
  if (real == NULL) real = (ssize_t(*)(int, void const*, size_t))dlsym(RTLD_NEXT, "write");
  return file > 2 && file_fails("write", file) ? -1 : real(file, bytes, count);
}

ssize_t pwrite(int file, void const* bytes, size_t count, off_t offset) {
  static ssize_t (*real)(int, void const*, size_t, off_t);
  if (real == NULL) real = (ssize_t(*)(int, void const*, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
  return file_fails("write", file) ? -1 : real(file, bytes, count, offset);
}

int fsync(int file) {
  static int (*real)(int);
  if (real == NULL) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return file_fails("sync", file) ? -1 : real(file);
}

int rename(char const* from, char const* to) {
  static int (*real)(char const*, char const*);
  if (real == NULL) real = (int (*)(char const*, char const*))dlsym(RTLD_NEXT, "rename");
  return lies_in_folder(to) && fails("rename", to) ? -1 : real(from, to);
}

int open(char const* path, int how, ...) {
  static int (*real)(char const*, int, ...);
  if (real == NULL) real = (int (*)(char const*, int, ...))dlsym(RTLD_NEXT, "open");
  va_list more;
  va_start(more, how);
  mode_t const mode = (how & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return (how & O_CREAT) != 0 && lies_in_folder(path) && fails("make", path) ? -1 : real(path, how, mode);
}
