#pragma once

#include <map>
#include <string>

#include "engine/data/collection_reader.h"

namespace kiln::test {

// The sprites of a data folder, by file.
inline std::map<std::string, Image> sprites_in(const std::string& path) {
  std::map<std::string, Image> sprites;
  for (const auto& sprite : read_collection({.path = path}).sprites) sprites[sprite.file] = sprite.image;
  return sprites;
}

}  // namespace kiln::test
