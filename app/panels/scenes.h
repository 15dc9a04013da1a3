#pragma once

#include <span>
#include <string_view>

#include "app/gl/sprite_renderer.h"

namespace kiln {

// A scene that sprites can be shown in, in place of the transparency checkerboard.
struct NamedScene {
  const char* id;
  const char* label;
  Scene colours;
};

std::span<const NamedScene> scenes();
// By what settings call it; null for what is none.
const NamedScene* find_scene(std::string_view id);

}  // namespace kiln
