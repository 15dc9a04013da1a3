#include "engine/base/memory.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdio>

namespace kiln {

double resident_mb() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  long pages = 0;
  const int read = std::fscanf(file, "%*s %ld", &pages);
  std::fclose(file);
  return read == 1 ? static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6 : 0;
}

void keep_freed_memory() {
#if defined(__GLIBC__)
  constexpr int kOwnMapping = 1 << 30, kKept = 256 << 20;  // bytes
  mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

void release_freed_memory() {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}

}  // namespace kiln
