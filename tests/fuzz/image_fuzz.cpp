#include "engine/formats/animation.h"

#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return kiln::fuzz::read([&] { kiln::decode_animation({data, size}, "fuzz"); });
}
