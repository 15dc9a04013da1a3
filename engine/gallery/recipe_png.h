#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/recipe_json.h"
#include "engine/base/file.h"
#include "engine/base/image.h"

namespace kiln {

// A PNG of `image` that carries `picture` as JSON under the keyword “spritekiln”; without sprites in it, a plain PNG. Throws as
// encode_png.
Bytes encode_png(const Image& image, const PictureRecipe& picture);

// A PNG, given as bytes, that carries it as well.
Bytes with_recipe(Bytes png, const PictureRecipe& picture);

// The recipe in a PNG's bytes, or none; `name` is what errors call it. Throws Failure as png_text and parse_recipe_text.
std::optional<PictureRecipe> recipe_in_png(std::span<const std::uint8_t> bytes, std::string_view name);

// Of a file. Throws as read_file, too.
std::optional<PictureRecipe> read_recipe(const std::string& path);

}  // namespace kiln
