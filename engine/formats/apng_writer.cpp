#include "engine/base/error.h"
#include "engine/formats/apng.h"
#include "engine/formats/image_file.h"
#include "engine/formats/png_chunks.h"

namespace kiln {
namespace {

constexpr int kLongestDelay = 60'000;  // it is written in thousandths of a second, in 16 bits

void append(Bytes& bytes, std::uint32_t number, int size = 4) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

// The frame's place and time; it replaces what is there (no disposal, source over nothing).
Bytes control_of(const AnimationFrame& frame, std::uint32_t sequence) {
  Bytes control;
  append(control, sequence);
  append(control, static_cast<std::uint32_t>(frame.image.width));
  append(control, static_cast<std::uint32_t>(frame.image.height));
  append(control, 0);
  append(control, 0);
  append(control, static_cast<std::uint32_t>(frame.milliseconds), 2);
  append(control, 1000, 2);
  append(control, 0, 2);
  return control;
}

struct StillPng {
  Bytes header, pixels;  // IHDR and all IDAT
};

StillPng still(const Image& image) {
  const Bytes png = encode_png(image);
  StillPng parts;
  for (const PngChunk& chunk : png_chunks(png)) {
    Bytes* target = chunk.type == "IHDR" ? &parts.header : chunk.type == "IDAT" ? &parts.pixels : nullptr;
    if (target != nullptr) target->insert(target->end(), chunk.data.begin(), chunk.data.end());
  }
  return parts;
}

void check(const std::vector<AnimationFrame>& frames) {
  for (const AnimationFrame& frame : frames) {
    const bool fits = frame.image.width == frames.front().image.width && frame.image.height == frames.front().image.height &&
                      !frame.image.empty() && frame.milliseconds >= 0 && frame.milliseconds <= kLongestDelay;
    if (!fits)
      throw Failure(ErrorCode::kInvalidArgument,
                    "the frames of an animation must have one size, and a delay of up to a minute each",
                    "choose frames of one size");
  }
  if (frames.empty()) throw Failure(ErrorCode::kInvalidArgument, "an animation needs a frame", "make previews first");
}

}  // namespace

Bytes encode_apng(const std::vector<AnimationFrame>& frames, bool loop, StillFrame still_frame) {
  check(frames);
  const bool of_animation = still_frame == StillFrame::kFirst;
  const StillPng shown = still(of_animation ? frames.front().image : frames.back().image);
  Bytes png = png_beginning(), animation;
  append_png_chunk(png, "IHDR", shown.header);
  append(animation, static_cast<std::uint32_t>(frames.size()));
  append(animation, loop ? 0 : 1);
  append_png_chunk(png, "acTL", animation);
  std::uint32_t sequence = 0;
  if (of_animation) append_png_chunk(png, "fcTL", control_of(frames.front(), sequence++));
  append_png_chunk(png, "IDAT", shown.pixels);  // behind an fcTL the first frame, else none of the animation
  for (std::size_t i = of_animation ? 1 : 0; i < frames.size(); ++i) {
    append_png_chunk(png, "fcTL", control_of(frames[i], sequence++));
    const Bytes pixels = still(frames[i].image).pixels;
    Bytes data;
    append(data, sequence++);
    data.insert(data.end(), pixels.begin(), pixels.end());
    append_png_chunk(png, "fdAT", data);
  }
  append_png_chunk(png, "IEND", {});
  return png;
}

}  // namespace kiln
