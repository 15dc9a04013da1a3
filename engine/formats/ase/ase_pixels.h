#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

struct z_stream_s;

namespace kiln {

// The bytes of a cel or tileset one part after the other, as they are or inflated (zlib, RFC 1950) no further than asked for.
class AseStream {
 public:
  AseStream(std::span<const std::uint8_t> data, bool compressed);
  ~AseStream();
  AseStream(const AseStream&) = delete;
  AseStream& operator=(const AseStream&) = delete;

  // Fills `target`; false if there are fewer bytes, or damaged ones.
  bool read(std::span<std::uint8_t> target);

  // False if the stream ends here with another checksum than its bytes have. More bytes are nothing wrong.
  bool finish();

 private:
  std::span<const std::uint8_t> rest_;    // of what is stored as it is
  std::unique_ptr<z_stream_s> inflater_;  // none for what is stored as it is
};

using AsePalette = std::vector<std::array<std::uint8_t, 4>>;  // RGBA, straight alpha

// Turns stored pixels into RGBA, straight alpha.
class AsePixels {
 public:
  // `palette` and `transparent_index` are those of indexed pixels (1 byte); below 0: no index is transparent, as in backgrounds.
  AsePixels(int bytes_per_pixel, const AsePalette& palette, int transparent_index);

  // `rgba` holds 4 bytes per pixel. False if an index is beyond the palette; its pixel becomes transparent.
  bool convert(std::span<const std::uint8_t> stored, std::span<std::uint8_t> rgba) const;

 private:
  struct Entry {
    std::array<std::uint8_t, 4> colour{};
    bool known = false;
  };
  int bytes_per_pixel_;
  std::vector<Entry> entries_;  // by index
};

}  // namespace kiln
