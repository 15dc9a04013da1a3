#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "app/widgets/sprite_view.h"
#include "engine/base/image.h"

namespace kiln {

// A sprite's place on screen: it is drawn in the middle of this cell, enlarged by a whole number where it is small enough.
struct PlacedSprite {
  std::size_t index = 0;         // into the sprites
  float x = 0, y = 0, side = 0;  // window pixels
};

// Any number of sprites of any sizes as textures. A texture holds as many layers as every machine takes, and is made when one of
// its sprites is first shown. Needs a current GL context for its whole life.
class SpritePages {
 public:
  using ImageOf = std::function<const Image&(std::size_t index)>;

  // `version` is another number whenever the sprites are others; one without pixels is never shown.
  void follow(std::uint64_t version, std::size_t count, const ImageOf& image_of);

  // One draw call for each texture that is needed. `image_of` as followed last.
  void show(SpriteView& view, const ImageOf& image_of, const std::vector<PlacedSprite>& places);

 private:
  struct Page {
    int width = 0, height = 0;
    std::vector<std::size_t> members;
    TextureArray texture;
    bool uploaded = false;
  };
  struct Where {
    std::size_t page = 0;
    int layer = 0;
  };
  void upload(Page& page, const ImageOf& image_of);

  std::vector<std::unique_ptr<Page>> pages_;
  std::vector<Where> where_;  // of each sprite
  std::uint64_t version_ = 0;
  bool there_ = false;
};

}  // namespace kiln
