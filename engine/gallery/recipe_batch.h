#pragma once

#include <optional>
#include <string>

#include "engine/api/recipe_json.h"
#include "engine/base/file_pattern.h"

namespace kiln {

// The one request, without its model's path, that makes all sprites of a picture: their settings are the same and their seeds
// follow one another. Its conditions are as few as they can be. None if they are not of one batch.
std::optional<SampleRequest> batch_of(const PictureRecipe& picture);

// Which frame of its class's animation it is, from 1; 0: of none.
int frame_of(const SpriteRecipe& recipe);

// "potion"; "demon+undead" of a mix; empty without a class.
std::string class_text(const Condition& condition);

// What names a sprite's own file; `number` stands for the seed of one that has none.
FilePattern::Values file_values(const SpriteRecipe& recipe, std::uint64_t number);

// A request for one sprite.
SampleRequest request_of(const SpriteRecipe& recipe);

// Whether a request makes the sprite again: its making was not stopped before its last step, and it was not edited by hand. Of one
// from an init image that an earlier version stopped in its last steps, this is not known, and it counts as made to its end.
bool is_repeatable(const SpriteRecipe& recipe);
// Throws Failure(kUnsupported), saying why, where it is not.
void check_repeatable(const SpriteRecipe& recipe);

}  // namespace kiln
