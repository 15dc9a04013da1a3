#include "engine/formats/pickle.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] {
    kiln::read_pickle({data, size}, "fuzz",
                      [](std::string_view global) { return global.starts_with("torch.") || global.starts_with("collections."); });
  });
}
