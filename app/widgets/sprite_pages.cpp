#include "app/widgets/sprite_pages.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace kiln {
namespace {

constexpr std::size_t kMostLayers = 256;  // OpenGL 3.3 promises no more
constexpr std::size_t kMostBytes = std::size_t{4} << 20;

std::size_t layers_of(int width, int height) {
  const std::size_t bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  return std::clamp<std::size_t>(kMostBytes / std::max<std::size_t>(bytes, 1), 1, kMostLayers);
}

// Where a sprite goes within its cell, and how much it is enlarged.
SpriteQuad quad_of(const PlacedSprite& place, int width, int height, int layer) {
  const float largest = static_cast<float>(std::max(width, height));
  const float zoom = largest <= place.side ? std::floor(place.side / largest) : place.side / largest;
  const float w = std::max(1.0f, std::floor(static_cast<float>(width) * zoom)),
              h = std::max(1.0f, std::floor(static_cast<float>(height) * zoom));
  return {std::floor(place.x + (place.side - w) / 2), std::floor(place.y + (place.side - h) / 2), w, h, static_cast<float>(layer)};
}

}  // namespace

void SpritePages::follow(std::uint64_t version, std::size_t count, const ImageOf& image_of) {
  if (there_ && version == version_ && where_.size() == count) return;
  there_ = true;
  version_ = version;
  pages_.clear();
  where_.clear();
  std::map<std::pair<int, int>, std::size_t> open;  // the page that is being filled, by size
  for (std::size_t i = 0; i < count; ++i) {
    const Image& image = image_of(i);
    auto found = open.find({image.width, image.height});
    if (found == open.end() || pages_[found->second]->members.size() >= layers_of(image.width, image.height)) {
      pages_.push_back(std::make_unique<Page>());
      pages_.back()->width = image.width;
      pages_.back()->height = image.height;
      found = open.insert_or_assign({image.width, image.height}, pages_.size() - 1).first;
    }
    auto& members = pages_[found->second]->members;
    where_.push_back({found->second, static_cast<int>(members.size())});
    members.push_back(i);
  }
}

void SpritePages::upload(Page& page, const ImageOf& image_of) {
  std::vector<std::uint8_t> rgba;
  for (const std::size_t member : page.members) {
    const Image& image = image_of(member);
    rgba.insert(rgba.end(), image.rgba.begin(), image.rgba.end());
  }
  page.texture.upload(page.width, page.height, static_cast<int>(page.members.size()), rgba);
  page.uploaded = true;
}

void SpritePages::show(SpriteView& view, const ImageOf& image_of, const std::vector<PlacedSprite>& places) {
  std::map<std::size_t, std::vector<SpriteQuad>> quads;
  for (const PlacedSprite& place : places) {
    if (place.index >= where_.size()) continue;
    const Where where = where_[place.index];
    quads[where.page].push_back(quad_of(place, pages_[where.page]->width, pages_[where.page]->height, where.layer));
  }
  for (auto& [number, of_page] : quads) {
    Page& page = *pages_[number];
    if (page.width == 0) continue;
    if (!page.uploaded) upload(page, image_of);
    const float zoom = of_page.front().width / static_cast<float>(page.width);
    view.show(page.texture, std::move(of_page),
              {.width = static_cast<float>(page.width),
               .height = static_cast<float>(page.height),
               .check_shift = check_shift(static_cast<int>(zoom)),
               .zoom = zoom});
  }
}

}  // namespace kiln
