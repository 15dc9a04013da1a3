#include "engine/session/blas.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <link.h>

#include <filesystem>
#include <string>
#include <vector>

namespace kiln {
namespace {

// The BLAS libraries that this process has loaded, as it named them.
std::vector<std::string> loaded_blas() {
  std::vector<std::string> found;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        const std::string path = info->dlpi_name == nullptr ? "" : info->dlpi_name;
        if (path.find("blas") != std::string::npos) static_cast<std::vector<std::string>*>(out)->push_back(path);
        return 0;
      },
      &found);
  return found;
}

}  // namespace

std::optional<Note> slow_blas_warning() {
  for (const auto& path : loaded_blas()) {
    std::error_code error;
    // Debian's reference BLAS lies in …/blas/, tuned ones in …/openblas-pthread/ and the like.
    if (std::filesystem::canonical(path, error).string().find("/blas/libblas.so") == std::string::npos) continue;
    return Note{
        {}, "this machine's BLAS is the reference one, about 30 times slower than it need be", "install libopenblas0-pthread"};
  }
  return std::nullopt;
}

void set_libtorch_threads(int count) {
  at::set_num_threads(count);
  for (const auto& path : loaded_blas()) {
    void* library = dlopen(path.c_str(), RTLD_LAZY | RTLD_NOLOAD);
    if (library == nullptr) continue;
    if (auto* set = reinterpret_cast<void (*)(int)>(dlsym(library, "openblas_set_num_threads"))) set(count);
    dlclose(library);
  }
}

}  // namespace kiln
