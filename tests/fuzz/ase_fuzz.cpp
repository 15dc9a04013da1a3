#include "engine/formats/ase/ase_file.h"

#include <string>
#include <vector>

#include "target.h"

namespace {

// Canvases of many megabytes are read as small ones are, only more slowly.
bool is_large(const std::uint8_t* data, std::size_t size) {
  if (size < 12) return false;
  const auto word = [&](std::size_t at) { return static_cast<std::uint64_t>(data[at] | data[at + 1] << 8); };
  const std::uint64_t pixels = word(6) * word(8) * word(10);
  return pixels > 1 << 22 && pixels <= 1 << 26;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (is_large(data, size)) return 0;
  return kiln::fuzz::read([&] {
    std::vector<std::string> notes;
    kiln::is_ase({data, size});
    kiln::read_ase({data, size}, "fuzz", notes);
  });
}
