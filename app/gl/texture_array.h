#pragma once

#include <cstdint>
#include <span>

namespace kiln {

// Sprites of one size as layers of one texture, shown without smoothing. Needs a current context for its whole life.
class TextureArray {
 public:
  TextureArray() = default;
  ~TextureArray();
  TextureArray(const TextureArray&) = delete;
  TextureArray& operator=(const TextureArray&) = delete;

  // Replaces the first `layers` layers; `rgba` holds layers * height * width * 4 bytes. Storage is made anew only when a size grows
  // or changes.
  void upload(int width, int height, int layers, std::span<const std::uint8_t> rgba);

  unsigned id() const { return id_; }
  int width() const { return width_; }
  int height() const { return height_; }
  int layers() const { return layers_; }              // that hold a sprite
  std::uint64_t version() const { return version_; }  // another number after each upload, and in each texture

 private:
  void reserve(int width, int height, int layers);

  unsigned id_ = 0;
  int width_ = 0;
  int height_ = 0;
  int layers_ = 0;
  int capacity_ = 0;
  std::uint64_t version_ = 0;
};

}  // namespace kiln
