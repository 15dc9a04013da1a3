#include "engine/base/memory.h"

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

}  // namespace kiln
