#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/api/sampling.h"

namespace kiln {

// The way from one sprite to another, each frame of which a model draws.

inline constexpr const char* kMorph = "morph";
inline constexpr const char* kMorphLabel = "Morph";
inline constexpr const char* kMorphHelp =
    "From the one sprite to the other by even steps: noise between their two seeds, a mix of their classes; each frame is a sprite "
    "of its own";
inline constexpr int kMorphFrames = 16, kLeastMorphFrames = 2, kMostMorphFrames = 256;

// How many frames.
const std::vector<ParamSpec>& morph_specs();

struct Morph {
  SampleRequest from;                     // for the first frame's sprite alone; its settings are those of all frames
  std::optional<std::uint64_t> to_seed;   // of the last frame; none: the first one's
  std::optional<Condition> to_condition;  // the same
};

// What is asked for frame `index` of `count`, which are two at least: its noise lies that part of the way along the great circle
// from the first seed's to the last one's, and its condition mixes the two by the same weights. Each frame can be made alone.
SampleRequest morph_request(const Morph& morph, int index, int count);

}  // namespace kiln
