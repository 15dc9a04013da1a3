#include "engine/gallery/recipe_png.h"

#include <filesystem>

#include "engine/formats/image_file.h"
#include "engine/formats/png_text.h"

namespace kiln {
namespace {

constexpr std::string_view kKeyword = "spritekiln";

}  // namespace

Bytes encode_png(const Image& image, const PictureRecipe& picture) { return with_recipe(encode_png(image), picture); }

Bytes with_recipe(Bytes png, const PictureRecipe& picture) {
  return picture.sprites.empty() ? png : with_png_text(png, kKeyword, recipe_text(picture));
}

std::optional<PictureRecipe> recipe_in_png(std::span<const std::uint8_t> bytes, std::string_view name) {
  const auto text = png_text(bytes, kKeyword, kMostRecipeBytes, name);
  if (!text) return std::nullopt;
  return parse_recipe_text(*text, name);
}

std::optional<PictureRecipe> read_recipe(const std::string& path) {
  return recipe_in_png(read_image_bytes(path), std::filesystem::path(path).filename().string());
}

}  // namespace kiln
