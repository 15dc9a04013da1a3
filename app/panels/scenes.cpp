#include "app/panels/scenes.h"

#include <algorithm>
#include <array>

namespace kiln {
namespace {

constexpr std::array<float, 3> rgb(int hex) {
  return {static_cast<float>(hex >> 16) / 255, static_cast<float>(hex >> 8 & 255) / 255, static_cast<float>(hex & 255) / 255};
}

constexpr std::array<NamedScene, 3> kScenes = {
    {{"meadow", "Meadow", {rgb(0x7ab4d6), rgb(0xa9d3e0), rgb(0x7fae4e), rgb(0x5b8a3f)}},
     {"dungeon", "Dungeon", {rgb(0x23202b), rgb(0x2e2a38), rgb(0x6c6570), rgb(0x4a4450)}},
     {"night", "Night", {rgb(0x141b33), rgb(0x22304f), rgb(0x3d5a4a), rgb(0x2a4038)}}}};

}  // namespace

std::span<const NamedScene> scenes() { return kScenes; }

const NamedScene* find_scene(std::string_view id) {
  const auto found = std::find_if(kScenes.begin(), kScenes.end(), [&](const NamedScene& one) { return one.id == id; });
  return found == kScenes.end() ? nullptr : &*found;
}

}  // namespace kiln
