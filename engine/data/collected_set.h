#pragma once

#include "engine/data/sprite_set.h"
#include "engine/data/sprite_source.h"

namespace kiln {

// The sprites of a collection as a set to train on; what was left out is named in its warnings. `name`: what errors call it.
// Throws Failure(kUnsupported): fewer than two sprites, mixed sizes (telling the usual one and naming a sprite that differs), class
// names that are not UTF-8.
SpriteSet make_sprite_set(SpriteCollection collection, const std::string& name);

// Of a folder of class folders, as it is. Throws as CollectionReader and make_sprite_set.
SpriteSet read_sprite_set(const std::string& folder);

}  // namespace kiln
