#pragma once

#include <array>

#include "engine/base/palette.h"
#include "engine/pixelart/starter/random.h"

namespace kiln::starter {

enum Tone { kOutline, kShadow, kBase, kLight, kShine, kTones };

// A material's colours from its outline to its highlight: as pixel artists mix them, shadows lean towards violet and lights
// towards yellow.
using Ramp = std::array<Rgb8, kTones>;

// The base tone in OKLCh.
struct Mix {
  float hue = 0;  // degrees
  float chroma = 0;
  float lightness = 0;
};

Ramp make_ramp(const Mix& mix);

Ramp steel(Random& random);
Ramp gold(Random& random);
Ramp wood(Random& random);
Ramp bone(Random& random);
Ramp foliage(Random& random);
Ramp any_metal(Random& random);
Ramp bright(Random& random);  // a saturated colour of any hue
Ramp ink();                   // eyes, sockets, keyholes

}  // namespace kiln::starter
