#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/data/sprite_set.h"
#include "engine/network/model.h"

namespace kiln {

// What an animated model's sprites are judged by: each frame of a class is a class of its own, so that how well classes are told
// apart says how well frames are, too.

// "flame #2", or the class alone for frame 0. frame: from 1.
std::string frame_class(const std::string& class_name, int frame);

// The class and the frame of each such class of the model, by its name.
std::vector<std::pair<std::string, std::pair<std::string, int>>> frame_classes(const Model& model);

// The set with the frames that the model knows as classes; itself where the model has none.
SpriteSet with_frames_as_classes(SpriteSet set, const Model& model);

}  // namespace kiln
