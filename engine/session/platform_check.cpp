#include "engine/session/platform_check.h"

#include <link.h>

#include <cstring>
#include <filesystem>
#include <string>

namespace kiln {
namespace {

// The real file behind the BLAS that this process has loaded, or "".
std::string loaded_blas() {
  std::string found;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* out) {
        if (info->dlpi_name == nullptr || std::strstr(info->dlpi_name, "libblas.so") == nullptr) return 0;
        std::error_code error;
        *static_cast<std::string*>(out) = std::filesystem::canonical(info->dlpi_name, error).string();
        return 1;
      },
      &found);
  return found;
}

}  // namespace

std::optional<Note> slow_blas_warning() {
  const std::string blas = loaded_blas();
  // Debian's reference BLAS lies in …/blas/, tuned ones in …/openblas-pthread/ and the like.
  if (blas.find("/blas/libblas") == std::string::npos) return std::nullopt;
  return Note{
      {}, "this machine's BLAS is the reference one, about 30 times slower than it need be", "install libopenblas0-pthread"};
}

}  // namespace kiln
