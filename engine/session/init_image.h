#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/api/frame.h"
#include "engine/api/sampling.h"
#include "engine/base/image.h"
#include "engine/network/network.h"

namespace kiln {

// The part of an init image that a mask keeps.
struct KeptPixels {
  Image image;
  std::vector<bool> anew;  // of each pixel, whether it is made anew

  // Each of the frame's sprites has the image's bytes there, whatever becomes of its colours and its alpha.
  void put_into(Frame& frame) const;
};

// Where a request starts from, read from its files and made to fit to a model's sprites.
struct InitImage {
  Image image;
  std::string fit;                      // what was done to fit it: “sketch.png”: 24×20 was reduced to 16×13; may be empty
  std::optional<KeptPixels> kept = {};  // none: all is made anew

  at::Tensor x0(int channels) const;  // [1, C, H, W]
  at::Tensor mask() const;            // [1, 1, H, W] bool; undefined without one
};

// None if the settings name none; else checks init_params and makes them whole, and fills in what the files held. Throws Failure:
// as read_image; kInvalidArgument for a mask of a size that does not fit, one that is empty or has no init image, a file that is
// not the one named by its SHA-256, parameters without an init image.
std::optional<InitImage> read_init_image(SampleSettings& settings, const NetworkShape& shape);

}  // namespace kiln
