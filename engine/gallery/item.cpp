#include "engine/gallery/item.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "engine/base/error.h"
#include "engine/base/text.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/recipe_png.h"

namespace kiln {
namespace {

constexpr std::size_t kMostColours = 32;
constexpr std::size_t kMostClasses = 8;  // named of a sheet

std::string lower(std::string text) {
  for (char& letter : text) letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return text;
}

Image thumbnail_of(const Image& image) {
  const int step = (std::max(image.width, image.height) + kLargestThumbnail - 1) / kLargestThumbnail;
  if (step <= 1) return image;
  Image small(std::max(1, image.width / step), std::max(1, image.height / step));
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x)
      std::copy_n(image.pixel(std::min(x * step, image.width - 1), std::min(y * step, image.height - 1)), 4, small.pixel(x, y));
  }
  return small;
}

std::vector<std::string> colours_in(const Image& image) {
  std::map<std::uint32_t, int> counts;
  for (std::size_t i = 0; i < image.rgba.size(); i += 4) {
    if (image.rgba[i + 3] >= 128)
      ++counts[std::uint32_t{image.rgba[i]} << 16 | std::uint32_t{image.rgba[i + 1]} << 8 | image.rgba[i + 2]];
  }
  std::vector<std::pair<int, std::uint32_t>> order;
  order.reserve(counts.size());
  for (const auto& [colour, count] : counts) order.emplace_back(-count, colour);
  std::sort(order.begin(), order.end());
  std::vector<std::string> colours;
  for (const auto& [count, colour] : order) {
    if (colours.size() == kMostColours) break;
    char text[8];
    std::snprintf(text, sizeof text, "#%06x", colour);
    colours.emplace_back(text);
  }
  return colours;
}

// Each class once, in the order of the sprites.
std::string classes_in(const PictureRecipe& picture) {
  std::vector<std::string> names;
  for (const SpriteRecipe& sprite : picture.sprites) {
    for (const ClassWeight& part : sprite.condition) {
      if (part.weight > 0 && std::find(names.begin(), names.end(), part.name) == names.end()) names.push_back(part.name);
      if (names.size() == kMostClasses) return joined(names, " + ");
    }
  }
  return joined(names, " + ");
}

void read_recipe_into(GalleryItem& item, const Bytes& bytes) {
  const auto picture = recipe_in_png(bytes, item.file);
  if (!picture) return;
  item.recipe = recipe_text(*picture);
  item.class_name = classes_in(*picture);
  item.model = picture->sprites.front().model_name;
  item.seed = get_seed(picture->sprites.front().settings.shared_params, "seed");
  item.sprites = static_cast<int>(picture->sprites.size());
}

}  // namespace

GalleryItem read_item(const std::string& folder, const std::string& file, std::int64_t changed_ns, std::int64_t bytes) {
  GalleryItem item;
  item.file = file;
  item.changed_ns = changed_ns;
  item.bytes = bytes;
  try {
    const Bytes content = read_image_bytes(std::filesystem::path(folder) / file);
    const Image image = decode_image(content, file);
    item.width = image.width;
    item.height = image.height;
    item.thumbnail = thumbnail_of(image);
    item.colours = colours_in(item.thumbnail);
    read_recipe_into(item, content);
  } catch (const Failure& failure) {
    item.problem = failure.error().message;
  } catch (const std::bad_alloc&) {
    item.problem = "there is not enough memory to read “" + file + "”";
  }
  return item;
}

std::string day_of(const GalleryItem& item) {
  const std::time_t seconds = static_cast<std::time_t>(item.changed_ns / 1'000'000'000);
  std::tm day{};
  char text[32] = "";
  if (localtime_r(&seconds, &day) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d", &day);
  return text;
}

void gather_words(GalleryItem& item) {
  std::string words = item.file + "\n" + item.class_name + "\n" + item.model + "\n" + day_of(item) + "\n" +
                      joined(item.collections, "\n") + "\n" + joined(item.colours, "\n") + "\n";
  if (!item.recipe.empty()) words += std::to_string(item.seed) + "\n" + item.recipe;
  item.words = lower(std::move(words));
}

bool matches(const GalleryItem& item, const std::string& search) {
  for (const std::string& word : split(lower(search), ' ')) {
    if (item.words.find(word) == std::string::npos) return false;
  }
  return true;
}

std::vector<std::size_t> chosen_items(const std::vector<GalleryItem>& items, const std::string& search, bool starred_only,
                                      const std::string& collection, GalleryOrder order) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const GalleryItem& item = items[i];
    if (starred_only && !item.starred) continue;
    if (!collection.empty() && std::find(item.collections.begin(), item.collections.end(), collection) == item.collections.end())
      continue;
    if (matches(item, search)) chosen.push_back(i);
  }
  const auto before = [&](std::size_t a, std::size_t b) {
    const GalleryItem &x = items[a], &y = items[b];
    switch (order) {
      case GalleryOrder::kNewest:
        return std::tie(y.changed_ns, x.file) < std::tie(x.changed_ns, y.file);
      case GalleryOrder::kOldest:
        return std::tie(x.changed_ns, x.file) < std::tie(y.changed_ns, y.file);
      case GalleryOrder::kClass:
        return std::tie(x.class_name, x.file) < std::tie(y.class_name, y.file);
      case GalleryOrder::kModel:
        return std::tie(x.model, x.file) < std::tie(y.model, y.file);
      case GalleryOrder::kName:
        break;
    }
    return x.file < y.file;
  };
  std::sort(chosen.begin(), chosen.end(), before);
  return chosen;
}

}  // namespace kiln
