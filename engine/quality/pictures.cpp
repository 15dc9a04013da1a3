#include "engine/quality/pictures.h"

#include <ATen/ATen.h>

#include "engine/data/batches.h"

namespace kiln {

at::Tensor pictures_of(const std::vector<Image>& images) {
  const int width = images.empty() ? 0 : images.front().width, height = images.empty() ? 0 : images.front().height;
  at::Tensor pictures = at::empty({static_cast<std::int64_t>(images.size()), 4, height, width});
  float* out = pictures.data_ptr<float>();
  for (const auto& image : images) {
    write_sprite(image, 4, out);
    out += image.rgba.size();
  }
  return pictures;
}

}  // namespace kiln
