#include "engine/formats/pnm.h"

#include "engine/formats/image_limits.h"

namespace kiln {
namespace {

bool is_space(std::uint8_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

class PnmReader {
 public:
  PnmReader(std::span<const std::uint8_t> bytes, std::string_view name) : bytes_(bytes), name_(name) {}

  Image read() {
    const bool colour = bytes_[1] == '3' || bytes_[1] == '6';
    const bool text = bytes_[1] < '4';
    const std::size_t width = number(), height = number();
    most_ = number();
    check_image_size(name_, width, height);
    if (most_ == 0 || most_ > 65535) refuse_damaged_image(name_, "largest value");
    const std::size_t values = width * height * (colour ? 3 : 1);
    const std::size_t bytes_each = text || most_ < 256 ? 1 : 2;
    if (bytes_.size() - at_ < values * bytes_each) refuse_damaged_image(name_, "fewer values than its size needs");

    if (!text) ++at_;  // one space ends the header
    Image image(static_cast<int>(width), static_cast<int>(height));
    for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
      for (std::size_t channel = 0; channel < 3; ++channel)
        image.rgba[i + channel] = channel == 0 || colour ? scaled(text ? number() : sample(bytes_each)) : image.rgba[i];
      image.rgba[i + 3] = 255;
    }
    return image;
  }

 private:
  std::size_t number() {
    while (at_ < bytes_.size() && (is_space(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#') {
        while (at_ < bytes_.size() && bytes_[at_] != '\n' && bytes_[at_] != '\r') ++at_;
      } else {
        ++at_;
      }
    }
    const std::size_t first = at_;
    std::size_t value = 0;
    for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_) {
      value = value * 10 + (bytes_[at_] - '0');
      if (value > 1'000'000) refuse_damaged_image(name_, "number");
    }
    if (at_ == first) refuse_damaged_image(name_, "number missing");
    return value;
  }

  std::size_t sample(std::size_t bytes_each) {
    if (bytes_.size() - at_ < bytes_each) refuse_damaged_image(name_, "fewer values than its size needs");
    std::size_t value = 0;
    for (std::size_t i = 0; i < bytes_each; ++i) value = value << 8 | bytes_[at_++];
    return value;
  }

  std::uint8_t scaled(std::size_t value) const {
    if (value > most_) refuse_damaged_image(name_, "value");
    return static_cast<std::uint8_t>((value * 255 + most_ / 2) / most_);
  }

  std::span<const std::uint8_t> bytes_;
  std::string_view name_;
  std::size_t at_ = 2;
  std::size_t most_ = 255;  // what is white
};

}  // namespace

bool is_pnm(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 3 && bytes[0] == 'P' && (bytes[1] == '2' || bytes[1] == '3' || bytes[1] == '5' || bytes[1] == '6') &&
         (is_space(bytes[2]) || bytes[2] == '#');
}

Image decode_pnm(std::span<const std::uint8_t> bytes, std::string_view name) { return PnmReader(bytes, name).read(); }

}  // namespace kiln
