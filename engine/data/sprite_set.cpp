#include "engine/data/sprite_set.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "engine/base/sha256.h"
#include "engine/base/text.h"
#include "engine/formats/image_folder.h"
#include "engine/pixelart/alpha.h"

namespace kiln {
namespace {

std::string size_text(int width, int height) { return std::to_string(width) + "×" + std::to_string(height); }

// The size that most sprites have.
std::pair<int, int> usual_size(const std::vector<FolderSprite>& sprites) {
  std::map<std::pair<int, int>, int> counts;
  for (const auto& sprite : sprites) ++counts[{sprite.image.width, sprite.image.height}];
  return std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; })->first;
}

}  // namespace

SpriteSet read_sprite_set(const std::string& folder) {
  ImageFolder read = read_image_folder(folder);
  SpriteSet set;
  for (const auto& bad : read.unreadable) set.warnings.push_back(bad.file + " is left out: " + bad.error.message);
  if (read.sprites.empty()) {
    throw Failure(ErrorCode::kUnsupported, "no image in " + folder + " can be read", "put PNG files into one folder per class",
                  read.unreadable.empty() ? "" : read.unreadable.front().error.message);
  }
  if (read.sprites.size() == 1) {
    throw Failure(ErrorCode::kUnsupported, folder + " holds a single sprite",
                  "a model needs at least two; 20 or more of a class work well");
  }
  if (!std::all_of(read.classes.begin(), read.classes.end(), is_valid_utf8)) {
    throw Failure(ErrorCode::kUnsupported, "the name of a class folder in " + folder + " is not UTF-8 text",
                  "rename the folder with plain letters");
  }
  std::tie(set.width, set.height) = usual_size(read.sprites);
  for (auto& sprite : read.sprites) {
    if (sprite.image.width != set.width || sprite.image.height != set.height) {
      throw Failure(ErrorCode::kUnsupported,
                    sprite.file + " is " + size_text(sprite.image.width, sprite.image.height) + "; the set is " +
                        size_text(set.width, set.height),
                    "pad or remove it so that all sprites have one size");
    }
    const auto found = std::lower_bound(read.classes.begin(), read.classes.end(), sprite.class_name);
    set.sprites.push_back({sprite.file, static_cast<int>(found - read.classes.begin()), with_hidden_colour_cleared(sprite.image)});
  }
  set.classes = std::move(read.classes);
  return set;
}

bool has_hard_alpha(const SpriteSet& set) {
  return std::none_of(set.sprites.begin(), set.sprites.end(),
                      [](const LabelledSprite& sprite) { return alpha_kind(sprite.image) == AlphaKind::kSoft; });
}

std::string fingerprint(const SpriteSet& set) {
  std::vector<std::uint8_t> content;
  const auto add_text = [&](const std::string& text) {
    content.insert(content.end(), text.begin(), text.end());
    content.push_back(0);
  };
  add_text(size_text(set.width, set.height));
  for (const auto& name : set.classes) add_text(name);
  for (const auto& sprite : set.sprites) {
    add_text(std::to_string(sprite.class_index));
    content.insert(content.end(), sprite.image.rgba.begin(), sprite.image.rgba.end());
  }
  return sha256_hex(content);
}

}  // namespace kiln
