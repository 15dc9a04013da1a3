#include "app/gl/texture_array.h"

#include <glad/gl.h>

#include <algorithm>

namespace kiln {

TextureArray::~TextureArray() {
  if (id_) glDeleteTextures(1, &id_);
}

void TextureArray::reserve(int width, int height, int layers) {
  if (id_ && width == width_ && height == height_ && layers <= capacity_) {
    glBindTexture(GL_TEXTURE_2D_ARRAY, id_);
    return;
  }
  if (!id_) glGenTextures(1, &id_);
  glBindTexture(GL_TEXTURE_2D_ARRAY, id_);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D_ARRAY, GL_TEXTURE_MAX_LEVEL, 0);
  capacity_ = std::max(layers, 16);
  glTexImage3D(GL_TEXTURE_2D_ARRAY, 0, GL_RGBA8, width, height, capacity_, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  width_ = width;
  height_ = height;
}

void TextureArray::upload(int width, int height, int layers, std::span<const std::uint8_t> rgba) {
  static std::uint64_t last_version = 0;  // over all textures, so that one in another's place is seen to be another
  version_ = ++last_version;
  const std::size_t wanted =
      static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * static_cast<std::size_t>(layers) * 4;
  if (width <= 0 || height <= 0 || layers <= 0 || rgba.size() < wanted) {
    layers_ = 0;
    return;
  }
  reserve(width, height, layers);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glTexSubImage3D(GL_TEXTURE_2D_ARRAY, 0, 0, 0, 0, width, height, layers, GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  layers_ = layers;
}

}  // namespace kiln
