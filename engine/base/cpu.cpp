#include "engine/base/cpu.h"

#include <sched.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "engine/base/text.h"

namespace kiln {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// Cores that this process's control group may use, as version 2 and version 1 tell; 0 where there is no limit.
int cgroup_quota() {
  const std::string root = "/sys/fs/cgroup";
  std::ifstream groups("/proc/self/cgroup");
  std::vector<std::string> folders = {root};
  for (std::string line; std::getline(groups, line);) {
    if (line.starts_with("0::/")) folders.push_back(root + line.substr(3));
  }
  int fewest = cores_of_quota(first_line(root + "/cpu/cpu.cfs_quota_us") + " " + first_line(root + "/cpu/cpu.cfs_period_us"));
  for (const auto& folder : folders) {
    if (const int cores = cores_of_quota(first_line(folder + "/cpu.max")); cores > 0)
      fewest = fewest > 0 ? std::min(fewest, cores) : cores;
  }
  return fewest;
}

}  // namespace

bool cpu_has_fast_bf16() {
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (!__builtin_cpu_supports("avx512bw") || !__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx)) return false;
  const bool avx512_bf16 = (eax & (1U << 5)) != 0;
  return avx512_bf16;
#else
  return false;
#endif
}

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (!line.starts_with("model name")) continue;
    return std::string(trimmed(std::string_view(line).substr(line.find(':') + 1)));
  }
  return "CPU";
}

int cores_of_quota(const std::string& cpu_max) {
  std::istringstream text(cpu_max);
  double quota = 0, period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0) return 0;
  return std::max(1, static_cast<int>(quota / period + 0.01));
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int quota = cgroup_quota();
  return std::max(1, quota > 0 ? std::min(quota, CPU_COUNT(&set)) : CPU_COUNT(&set));
}

}  // namespace kiln
