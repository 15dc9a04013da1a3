#include "engine/network/kernels/isa.h"

#include <algorithm>
#include <atomic>

namespace kiln {
namespace {

Isa detect() {
#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::kScalar;
  if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("avx512dq")) {
    return Isa::kAvx2;
  }
  return __builtin_cpu_supports("avx512bf16") ? Isa::kAvx512Bf16 : Isa::kAvx512;
#else
  return Isa::kScalar;
#endif
}

std::atomic<Isa>& chosen() {
  static std::atomic<Isa> isa{detected_isa()};
  return isa;
}

}  // namespace

std::string_view to_string(Isa isa) {
  constexpr std::string_view kNames[] = {"scalar", "avx2", "avx512", "avx512_bf16"};
  return kNames[static_cast<int>(isa)];
}

Isa detected_isa() {
  static const Isa isa = detect();
  return isa;
}

Isa kernel_isa() { return chosen().load(std::memory_order_relaxed); }

void set_kernel_isa(Isa isa) { chosen().store(std::min(isa, detected_isa()), std::memory_order_relaxed); }

}  // namespace kiln
