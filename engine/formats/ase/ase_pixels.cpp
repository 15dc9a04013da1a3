#include "engine/formats/ase/ase_pixels.h"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace kiln {

AseStream::AseStream(std::span<const std::uint8_t> data, bool compressed) : rest_(data) {
  if (!compressed) return;
  inflater_ = std::make_unique<z_stream>();
  inflater_->next_in = const_cast<Bytef*>(data.data());  // zlib reads only
  inflater_->avail_in = static_cast<uInt>(data.size());  // a chunk's size has 32 bits
  if (inflateInit(inflater_.get()) != Z_OK) throw std::bad_alloc();
}

AseStream::~AseStream() {
  if (inflater_) inflateEnd(inflater_.get());
}

bool AseStream::read(std::span<std::uint8_t> target) {
  if (!inflater_) {
    if (target.size() > rest_.size()) return false;
    std::copy_n(rest_.begin(), target.size(), target.begin());
    rest_ = rest_.subspan(target.size());
    return true;
  }
  inflater_->next_out = target.data();
  inflater_->avail_out = static_cast<uInt>(target.size());  // at most 2^26 pixels of 4 bytes
  while (inflater_->avail_out > 0) {
    const int result = inflate(inflater_.get(), Z_NO_FLUSH);
    if (result == Z_MEM_ERROR) throw std::bad_alloc();
    if (result != Z_OK) return inflater_->avail_out == 0;
  }
  return true;
}

bool AseStream::finish() {
  if (!inflater_) return true;
  std::uint8_t beyond = 0;
  inflater_->next_out = &beyond;
  inflater_->avail_out = 1;
  return inflate(inflater_.get(), Z_NO_FLUSH) != Z_DATA_ERROR;
}

AsePixels::AsePixels(int bytes_per_pixel, const AsePalette& palette, int transparent_index) : bytes_per_pixel_(bytes_per_pixel) {
  if (bytes_per_pixel != 1) return;
  entries_.resize(256);
  for (std::size_t i = 0; i < std::min(palette.size(), entries_.size()); ++i) entries_[i] = {palette[i], true};
  if (transparent_index >= 0) entries_[static_cast<std::size_t>(transparent_index)] = {{}, true};
}

bool AsePixels::convert(std::span<const std::uint8_t> stored, std::span<std::uint8_t> rgba) const {
  if (bytes_per_pixel_ == 4) {
    std::ranges::copy(stored, rgba.begin());
    return true;
  }
  bool known = true;
  std::uint8_t* target = rgba.data();
  const auto step = static_cast<std::size_t>(bytes_per_pixel_);
  for (std::size_t at = 0; at < stored.size(); at += step, target += 4) {
    if (bytes_per_pixel_ == 2) {
      std::fill_n(target, 3, stored[at]);
      target[3] = stored[at + 1];
    } else {
      const Entry& entry = entries_[stored[at]];
      std::ranges::copy(entry.colour, target);
      known &= entry.known;
    }
  }
  return known;
}

}  // namespace kiln
