#include "engine/formats/gif_reader.h"

#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/formats/image_limits.h"

namespace kiln {
namespace {

struct Source {
  std::span<const std::uint8_t> bytes;
  std::size_t at = 0;
};

int read_some(GifFileType* file, GifByteType* target, int size) {
  auto& source = *static_cast<Source*>(file->UserData);
  const std::size_t count = std::min(static_cast<std::size_t>(size), source.bytes.size() - source.at);
  std::memcpy(target, source.bytes.data() + source.at, count);
  source.at += count;
  return static_cast<int>(count);
}

// Some writers take the third bit of the field for “as before”, and players follow them.
constexpr int kPreviousByBit = 4;

class GifPlayer {
 public:
  GifPlayer(std::span<const std::uint8_t> bytes, std::string_view name) : name_(name), source_{bytes} {
    int error = 0;
    file_.reset(DGifOpen(&source_, read_some, &error));
    if (!file_) refuse_damaged_image(name, GifErrorString(error));
  }

  // How many images there are, without decoding them, up to where the file ends or is damaged.
  std::size_t count() {
    std::size_t images = 0;
    for (GifRecordType record = UNDEFINED_RECORD_TYPE; record != TERMINATE_RECORD_TYPE;) {
      if (DGifGetRecordType(file_.get(), &record) != GIF_OK) break;
      if (record == EXTENSION_RECORD_TYPE) read_extension();
      if (record != IMAGE_DESC_RECORD_TYPE) continue;
      int code_size = 0;
      GifByteType* block = nullptr;
      if (DGifGetImageDesc(file_.get()) != GIF_OK || DGifGetCode(file_.get(), &code_size, &block) != GIF_OK) break;
      while (block && DGifGetCodeNext(file_.get(), &block) == GIF_OK) {
      }
      ++images;
    }
    return images;
  }

  // images: how many there are, for which memory may have to be taken.
  std::vector<AnimationFrame> play(std::size_t most, std::size_t images) {
    images_ = images;
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    while (frames_.size() < most) {
      if (DGifGetRecordType(file_.get(), &record) != GIF_OK) {
        if (!frames_.empty() && source_.at == source_.bytes.size()) break;  // only the trailer is missing
        refuse();
      }
      if (record == TERMINATE_RECORD_TYPE) break;
      if (record == EXTENSION_RECORD_TYPE) read_extension();
      if (record == IMAGE_DESC_RECORD_TYPE) read_image();
    }
    if (frames_.empty()) refuse_damaged_image(name_, "no image");
    return std::move(frames_);
  }

 private:
  struct Close {
    void operator()(GifFileType* file) const {
      int error = 0;
      DGifCloseFile(file, &error);
    }
  };

  [[noreturn]] void refuse() const { refuse_damaged_image(name_, GifErrorString(file_->Error)); }

  void read_extension() {
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(file_.get(), &code, &block) != GIF_OK) refuse();
    if (code == GRAPHICS_EXT_FUNC_CODE && block) DGifExtensionToGCB(block[0], block + 1, &control_);
    if (control_.DisposalMode == kPreviousByBit) control_.DisposalMode = DISPOSE_PREVIOUS;
    while (block) {
      if (DGifGetExtensionNext(file_.get(), &block) != GIF_OK) refuse();
    }
  }

  void read_image() {
    if (DGifGetImageDesc(file_.get()) != GIF_OK) refuse();
    const GifImageDesc& place = file_->Image;
    if (frames_.empty()) begin_canvas(place);
    check_image_size(name_, static_cast<std::size_t>(place.Width), static_cast<std::size_t>(place.Height));
    const Image before = control_.DisposalMode == DISPOSE_PREVIOUS ? canvas_ : Image();
    draw(place);
    frames_.push_back({canvas_, control_.DelayTime * 10});
    if (control_.DisposalMode == DISPOSE_PREVIOUS) canvas_ = before;
    if (control_.DisposalMode == DISPOSE_BACKGROUND) clear(place);
    control_ = {DISPOSAL_UNSPECIFIED, false, 0, NO_TRANSPARENT_COLOR};
  }

  // Some writers leave the size of the canvas at 0, or too small for the first frame.
  void begin_canvas(const GifImageDesc& place) {
    const int width = std::max(file_->SWidth, place.Left + place.Width),
              height = std::max(file_->SHeight, place.Top + place.Height);
    check_animation_size(name_, images_, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
    canvas_ = Image(width, height);
  }

  void draw(const GifImageDesc& place) {
    const ColorMapObject* colours = place.ColorMap ? place.ColorMap : file_->SColorMap;
    if (!colours) refuse_damaged_image(name_, "no colour table");
    std::vector<GifPixelType> row(static_cast<std::size_t>(place.Width));
    const auto draw_row = [&](int y) {
      if (DGifGetLine(file_.get(), row.data(), place.Width) != GIF_OK) refuse();
      if (place.Top + y >= canvas_.height) return;
      for (int x = 0; x < std::min(place.Width, canvas_.width - place.Left); ++x) {
        const int index = row[static_cast<std::size_t>(x)];
        if (index == control_.TransparentColor || index >= colours->ColorCount) continue;
        const GifColorType& colour = colours->Colors[index];
        const std::uint8_t rgba[4] = {colour.Red, colour.Green, colour.Blue, 255};
        std::memcpy(canvas_.pixel(place.Left + x, place.Top + y), rgba, 4);
      }
    };
    static constexpr int kFirst[4] = {0, 4, 2, 1}, kStep[4] = {8, 8, 4, 2};  // interlaced (GIF89a, E)
    for (int pass = 0; pass < (place.Interlace ? 4 : 1); ++pass) {
      for (int y = place.Interlace ? kFirst[pass] : 0; y < place.Height; y += place.Interlace ? kStep[pass] : 1) draw_row(y);
    }
  }

  void clear(const GifImageDesc& place) {
    for (int y = place.Top; y < std::min(place.Top + place.Height, canvas_.height); ++y) {
      for (int x = place.Left; x < std::min(place.Left + place.Width, canvas_.width); ++x) std::memset(canvas_.pixel(x, y), 0, 4);
    }
  }

  std::string_view name_;
  Source source_;
  std::unique_ptr<GifFileType, Close> file_;
  Image canvas_;
  GraphicsControlBlock control_{DISPOSAL_UNSPECIFIED, false, 0, NO_TRANSPARENT_COLOR};  // of the next frame
  std::size_t images_ = 1;
  std::vector<AnimationFrame> frames_;
};

}  // namespace

bool is_gif(std::span<const std::uint8_t> bytes) { return begins_with(bytes, "GIF87a") || begins_with(bytes, "GIF89a"); }

std::vector<AnimationFrame> decode_gif(std::span<const std::uint8_t> bytes, std::string_view name, std::size_t most) {
  const std::size_t images = most > 1 ? GifPlayer(bytes, name).count() : 1;
  return GifPlayer(bytes, name).play(most, std::max<std::size_t>(images, 1));
}

}  // namespace kiln
