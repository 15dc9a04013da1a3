#include "engine/data/collected_set.h"

#include <algorithm>
#include <set>

#include "engine/base/text.h"
#include "engine/data/collection_reader.h"
#include "engine/data/copies.h"

namespace kiln {
namespace {

PixelSize size_of(const Image& image) { return {image.width, image.height}; }

[[noreturn]] void refuse_mixed(const std::vector<DatasetSprite>& sprites, const std::vector<std::vector<std::size_t>>& by_size) {
  const Image& usual = sprites[by_size[0].front()].image;
  const DatasetSprite& other = sprites[by_size[1].front()];
  std::size_t others = 0;
  PixelSize all = size_of(usual);
  for (std::size_t i = 1; i < by_size.size(); ++i) {
    const Image& image = sprites[by_size[i].front()].image;
    others += by_size[i].size();
    all = {std::max(all.width, image.width), std::max(all.height, image.height)};
  }
  throw Failure(ErrorCode::kUnsupported,
                std::to_string(others) + " of " + std::to_string(sprites.size()) + " sprites are not " + size_text(size_of(usual)) +
                    " as the others: “" + other.file + "” is " + size_text(size_of(other.image)),
                "pad all to " + size_text(all) + ", or remove those that differ");
}

}  // namespace

SpriteSet make_sprite_set(SpriteCollection collection, const std::string& name) {
  SpriteSet set;
  for (const auto& bad : collection.left_out) {
    const bool named = bad.error.message.find(bad.file) != std::string::npos;
    set.warnings.push_back(named ? "left out: " + bad.error.message : bad.file + " is left out: " + bad.error.message);
  }
  set.warnings.insert(set.warnings.end(), collection.notes.begin(), collection.notes.end());
  auto& sprites = collection.sprites;
  if (sprites.empty()) {
    const auto& bad = collection.left_out;
    throw Failure(
        ErrorCode::kUnsupported,
        "no sprite in " + name + " can be trained on" + (bad.empty() ? "" : ": " + bad.front().error.message),
        bad.empty() || bad.front().error.hint.empty() ? "put PNG files into one folder per class" : bad.front().error.hint);
  }
  if (sprites.size() == 1)
    throw Failure(ErrorCode::kUnsupported, name + " holds a single sprite",
                  "a model needs at least two; 20 or more of a class work well");
  const auto by_size = sprites_by_size(sprites);
  if (by_size.size() > 1) refuse_mixed(sprites, by_size);
  std::set<std::string> classes;
  for (const auto& sprite : sprites) classes.insert(sprite.class_name);
  set.classes.assign(classes.begin(), classes.end());
  if (!std::all_of(set.classes.begin(), set.classes.end(), [](const std::string& text) { return is_valid_utf8(text); })) {
    throw Failure(ErrorCode::kUnsupported, "the name of a class in " + name + " is not UTF-8 text",
                  "rename the folder with plain letters");
  }
  set.width = sprites.front().image.width;
  set.height = sprites.front().image.height;
  for (auto& sprite : sprites) {
    const auto found = std::lower_bound(set.classes.begin(), set.classes.end(), sprite.class_name);
    set.sprites.push_back({std::move(sprite.file), static_cast<int>(found - set.classes.begin()), std::move(sprite.image),
                           sprite.frame, sprite.held_out});
  }
  return set;
}

SpriteSet read_sprite_set(const std::string& folder) {
  return make_sprite_set(read_collection({.path = folder}), "“" + folder + "”");
}

}  // namespace kiln
