#include "engine/formats/apng.h"

#include <cmath>
#include <cstring>

#include "engine/base/file.h"
#include "engine/formats/image_file.h"
#include "engine/formats/image_limits.h"
#include "engine/formats/png_checks.h"
#include "engine/formats/png_chunks.h"

namespace kiln {
namespace {

enum class Dispose { kNone, kBackground, kPrevious };

struct FrameControl {  // of a chunk fcTL
  std::size_t width = 0, height = 0, x = 0, y = 0;
  int milliseconds = 0;
  Dispose dispose = Dispose::kNone;
  bool blends = false;  // laid over the canvas; else it replaces what is there
};

// `over` on `under`, straight alpha.
void blend(const std::uint8_t* over, std::uint8_t* under) {
  const double a = over[3] / 255.0, b = under[3] / 255.0 * (1 - a);
  if (a + b <= 0) return;
  for (int c = 0; c < 3; ++c) under[c] = static_cast<std::uint8_t>(std::lround((over[c] * a + under[c] * b) / (a + b)));
  under[3] = static_cast<std::uint8_t>(std::lround((a + b) * 255));
}

class ApngReader {
 public:
  explicit ApngReader(std::string_view name) : name_(name) {}

  void add(const PngChunk& chunk) {
    if (chunk.type == "IHDR" && chunk.data.size() == 13) {
      header_.assign(chunk.data.begin(), chunk.data.end());
      canvas_ = Image(static_cast<int>(png_number(header_, 0)), static_cast<int>(png_number(header_, 4)));
    } else if (chunk.type == "PLTE" || chunk.type == "tRNS") {
      append_png_chunk(shared_, chunk.type, chunk.data);
    } else if (chunk.type == "fcTL") {
      finish_frame();
      begin_frame(chunk.data);
    } else if (chunk.type == "IDAT" && in_frame_) {
      data_.insert(data_.end(), chunk.data.begin(), chunk.data.end());
    } else if (chunk.type == "fdAT" && in_frame_ && chunk.data.size() > 4) {
      data_.insert(data_.end(), chunk.data.begin() + 4, chunk.data.end());  // behind its number
    } else if (chunk.type == "IEND") {
      finish_frame();
    }
  }

  std::vector<AnimationFrame> take() { return std::move(frames_); }

 private:
  void begin_frame(std::span<const std::uint8_t> data) {
    if (data.size() < 26 || header_.empty()) refuse_damaged_image(name_, "fcTL");
    const auto hundredth = [&](std::size_t at) { return data[at] << 8 | data[at + 1]; };
    const int denominator = hundredth(22) == 0 ? 100 : hundredth(22);
    control_ = {png_number(data, 4),
                png_number(data, 8),
                png_number(data, 12),
                png_number(data, 16),
                hundredth(20) * 1000 / denominator,
                static_cast<Dispose>(data[24]),
                data[25] == 1};
    const auto width = static_cast<std::size_t>(canvas_.width), height = static_cast<std::size_t>(canvas_.height);
    if (control_.width > width || control_.x > width - control_.width || control_.height > height ||
        control_.y > height - control_.height || data[24] > 2)
      refuse_damaged_image(name_, "a frame outside of the canvas");
    check_image_size(name_, control_.width, control_.height);
    in_frame_ = true;
  }

  // A frame's data is that of a PNG of its size.
  Image decoded() {
    Bytes png = png_beginning();
    Bytes header = header_;
    for (std::size_t i = 0; i < 4; ++i) {
      header[i] = static_cast<std::uint8_t>(control_.width >> (24 - 8 * i));
      header[4 + i] = static_cast<std::uint8_t>(control_.height >> (24 - 8 * i));
    }
    append_png_chunk(png, "IHDR", header);
    png.insert(png.end(), shared_.begin(), shared_.end());
    append_png_chunk(png, "IDAT", data_);
    append_png_chunk(png, "IEND", {});
    return decode_image(png, name_);
  }

  void finish_frame() {
    if (!in_frame_) return;
    check_animation_size(name_, frames_.size() + 1, static_cast<std::size_t>(canvas_.width),
                         static_cast<std::size_t>(canvas_.height));
    const Image image = decoded(), before = canvas_;
    each_row([&](std::uint8_t* row, std::size_t y) {
      const std::uint8_t* from = image.rgba.data() + y * control_.width * 4;
      if (!control_.blends) std::memcpy(row, from, control_.width * 4);
      for (std::size_t x = 0; control_.blends && x < control_.width; ++x) blend(from + 4 * x, row + 4 * x);
    });
    frames_.push_back({canvas_, control_.milliseconds});
    // Nothing is before the first frame: it is disposed of to transparent.
    if (control_.dispose == Dispose::kPrevious && frames_.size() > 1)
      canvas_ = before;
    else if (control_.dispose != Dispose::kNone)
      each_row([&](std::uint8_t* row, std::size_t) { std::memset(row, 0, control_.width * 4); });
    in_frame_ = false;
    data_.clear();
  }

  template <class Change>
  void each_row(Change change) {
    for (std::size_t y = 0; y < control_.height; ++y)
      change(canvas_.pixel(static_cast<int>(control_.x), static_cast<int>(control_.y + y)), y);
  }

  std::string_view name_;
  Bytes header_, shared_, data_;  // IHDR; PLTE and tRNS; the frame's compressed pixels
  Image canvas_;
  FrameControl control_;
  bool in_frame_ = false;
  std::vector<AnimationFrame> frames_;
};

}  // namespace

std::vector<AnimationFrame> decode_apng(std::span<const std::uint8_t> bytes, std::string_view name) {
  const std::vector<PngChunk> chunks = png_chunks(bytes);
  bool animated = false;
  for (const PngChunk& chunk : chunks) animated |= chunk.type == "acTL";
  if (!animated) return {};
  check_apng(bytes, name);
  ApngReader reader(name);
  for (const PngChunk& chunk : chunks) reader.add(chunk);
  return reader.take();
}

}  // namespace kiln
