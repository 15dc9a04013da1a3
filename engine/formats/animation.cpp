#include "engine/formats/animation.h"

#include "engine/formats/apng.h"
#include "engine/formats/ase/ase_file.h"
#include "engine/formats/gif_reader.h"
#include "engine/formats/image_file.h"
#include "engine/formats/webp.h"

namespace kiln {

namespace {

std::vector<AnimationFrame> frames_of_ase(std::span<const std::uint8_t> bytes, std::string_view name,
                                          std::vector<std::string>& notes) {
  std::vector<AnimationFrame> frames;
  for (AseSprite& frame : read_ase(bytes, name, notes).frames) frames.push_back({std::move(frame.image), frame.milliseconds});
  return frames;
}

}  // namespace

std::vector<AnimationFrame> decode_animation(std::span<const std::uint8_t> bytes, std::string_view name) {
  std::vector<std::string> notes;
  return decode_animation(bytes, name, notes);
}

std::vector<AnimationFrame> decode_animation(std::span<const std::uint8_t> bytes, std::string_view name,
                                             std::vector<std::string>& notes) {
  if (is_gif(bytes)) return decode_gif(bytes, name);
  if (is_webp(bytes)) return decode_webp(bytes, name);
  if (is_ase(bytes)) return frames_of_ase(bytes, name, notes);
  std::vector<AnimationFrame> frames(1);
  frames.front().image = decode_image(bytes, name);  // an APNG is first of all a PNG, and whole
  if (auto animated = decode_apng(bytes, name); !animated.empty()) return animated;
  return frames;
}

}  // namespace kiln
