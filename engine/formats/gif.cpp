#include "engine/formats/gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/palette.h"
#include "engine/formats/median_cut.h"

namespace kiln {
namespace {

constexpr int kOpaque = 128;  // alpha from here on

struct IndexedFrame {
  std::vector<Rgb8> colours;
  int transparent = NO_TRANSPARENT_COLOR;  // an index behind the colours
  std::vector<GifByteType> indices;        // height * width
};

Rgb8 colour_at(const Image& image, std::size_t pixel) {
  return {image.rgba[4 * pixel], image.rgba[4 * pixel + 1], image.rgba[4 * pixel + 2]};
}

std::size_t nearest(const std::vector<Rgb8>& colours, const Rgb8& wanted) {
  const auto distance = [&](const Rgb8& c) {
    const int r = c.r - wanted.r, g = c.g - wanted.g, b = c.b - wanted.b;
    return r * r + g * g + b * b;
  };
  const auto best =
      std::min_element(colours.begin(), colours.end(), [&](const Rgb8& a, const Rgb8& b) { return distance(a) < distance(b); });
  return static_cast<std::size_t>(best - colours.begin());
}

IndexedFrame indexed(const Image& image) {
  const std::size_t pixels = image.rgba.size() / 4;
  std::map<Rgb8, std::size_t> histogram;
  bool holes = false;
  for (std::size_t i = 0; i < pixels; ++i) {
    if (image.rgba[4 * i + 3] < kOpaque) {
      holes = true;
    } else {
      ++histogram[colour_at(image, i)];
    }
  }
  IndexedFrame frame;
  frame.colours = median_cut(histogram, holes ? 255 : 256);
  if (holes) frame.transparent = static_cast<int>(frame.colours.size());
  std::map<Rgb8, GifByteType> index;
  for (const auto& [colour, count] : histogram) index[colour] = static_cast<GifByteType>(nearest(frame.colours, colour));
  frame.indices.resize(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const bool hole = image.rgba[4 * i + 3] < kOpaque;
    frame.indices[i] = hole ? static_cast<GifByteType>(frame.transparent) : index[colour_at(image, i)];
  }
  return frame;
}

struct FreeColorMap {
  void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
};

// The format's colour tables have 2, 4, 8 … 256 entries.
std::unique_ptr<ColorMapObject, FreeColorMap> color_map(const IndexedFrame& frame) {
  const std::size_t used = frame.colours.size() + (frame.transparent == NO_TRANSPARENT_COLOR ? 0 : 1);
  int size = 2;
  while (static_cast<std::size_t>(size) < used) size *= 2;
  std::unique_ptr<ColorMapObject, FreeColorMap> map(GifMakeMapObject(size, nullptr));
  if (!map) throw Failure(ErrorCode::kOutOfMemory, "there is not enough memory to make the GIF", "use fewer frames");
  for (std::size_t i = 0; i < frame.colours.size(); ++i) {
    map->Colors[i] = {frame.colours[i].r, frame.colours[i].g, frame.colours[i].b};
  }
  return map;
}

int append_bytes(GifFileType* gif, const GifByteType* data, int size) {
  auto& bytes = *static_cast<Bytes*>(gif->UserData);
  bytes.insert(bytes.end(), data, data + size);
  return size;
}

class Writer {
 public:
  Writer(Bytes& bytes, int width, int height, bool loop) {
    int error = 0;
    gif_ = EGifOpen(&bytes, append_bytes, &error);
    if (!gif_) throw Failure(ErrorCode::kOutOfMemory, "there is not enough memory to make the GIF", "use fewer frames");
    EGifSetGifVersion(gif_, true);
    check(EGifPutScreenDesc(gif_, width, height, 8, 0, nullptr));
    if (!loop) return;
    constexpr GifByteType kForever[3] = {1, 0, 0};
    check(EGifPutExtensionLeader(gif_, APPLICATION_EXT_FUNC_CODE));
    check(EGifPutExtensionBlock(gif_, 11, "NETSCAPE2.0"));
    check(EGifPutExtensionBlock(gif_, 3, kForever));
    check(EGifPutExtensionTrailer(gif_));
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() {
    int error = 0;
    if (gif_) EGifCloseFile(gif_, &error);
  }

  void add(IndexedFrame frame, int width, int height, int delay_ms) {
    GraphicsControlBlock control{};
    control.DisposalMode = DISPOSE_BACKGROUND;
    control.DelayTime = static_cast<int>(std::clamp((static_cast<long long>(delay_ms) + 5) / 10, 2LL, 65535LL));
    control.TransparentColor = frame.transparent;
    GifByteType extension[4];
    check(EGifPutExtension(gif_, GRAPHICS_EXT_FUNC_CODE, static_cast<int>(EGifGCBToExtension(&control, extension)), extension));
    check(EGifPutImageDesc(gif_, 0, 0, width, height, false, color_map(frame).get()));
    for (int y = 0; y < height; ++y) {
      check(EGifPutLine(gif_, frame.indices.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width), width));
    }
  }

  void close() {
    int error = 0;
    check(EGifCloseFile(std::exchange(gif_, nullptr), &error), error);
  }

 private:
  void check(int status) { check(status, gif_->Error); }
  static void check(int status, int error) {
    if (status == GIF_OK) return;
    const char* text = GifErrorString(error);
    throw Failure(ErrorCode::kInternal, "the GIF could not be made", "this is a defect of the program, please report it",
                  text ? text : "");
  }

  GifFileType* gif_ = nullptr;
};

}  // namespace

Bytes encode_gif(const std::vector<Image>& frames, const std::vector<int>& delays_ms, bool loop) {
  if (frames.empty()) throw Failure(ErrorCode::kInvalidArgument, "a GIF needs a frame", "make previews first");
  const int width = frames.front().width, height = frames.front().height;
  const bool same_size =
      std::all_of(frames.begin(), frames.end(), [&](const Image& frame) { return frame.width == width && frame.height == height; });
  if (!same_size || width < 1 || height < 1 || width > 65535 || height > 65535 || delays_ms.size() != frames.size()) {
    throw Failure(ErrorCode::kInvalidArgument, "the frames of a GIF must have one size of up to 65535 pixels, and a delay each",
                  "choose frames of one size or a smaller scale");
  }
  Bytes bytes;
  Writer writer(bytes, width, height, loop);
  for (std::size_t i = 0; i < frames.size(); ++i) writer.add(indexed(frames[i]), width, height, delays_ms[i]);
  writer.close();
  return bytes;
}

}  // namespace kiln
