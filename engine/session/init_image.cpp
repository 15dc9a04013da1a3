#include "engine/session/init_image.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "engine/data/batches.h"
#include "engine/formats/image_file.h"
#include "engine/pixelart/fit.h"

namespace kiln {
namespace {

Failure refused(std::string message, std::string hint) {
  return Failure(ErrorCode::kInvalidArgument, std::move(message), std::move(hint));
}

std::string name_of(const ImageFile& file) { return "“" + std::filesystem::path(file.path).filename().string() + "”"; }

std::string size_text(int width, int height) { return std::to_string(width) + "×" + std::to_string(height); }

bool has_mark(const std::vector<bool>& anew) { return std::find(anew.begin(), anew.end(), true) != anew.end(); }

// Fills in the file's SHA-256, or compares it.
Image read_checked(ImageFile& file) {
  const Bytes bytes = read_image_bytes(file.path);
  std::string sha256 = sha256_hex(bytes);
  if (!file.sha256.empty() && file.sha256 != sha256)
    throw refused(name_of(file) + " is not the image that it was: its SHA-256 begins with " + sha256.substr(0, 8) + " and not " +
                      file.sha256.substr(0, 8),
                  "put the image back that the sprite was made from, or choose this one anew");
  file.sha256 = std::move(sha256);
  return decode_image(bytes, std::filesystem::path(file.path).filename().string());
}

// Whether each pixel of the mask is to be made anew.
std::vector<bool> marked(const Image& mask, const ImageFile& file) {
  bool opaque = true;
  for (std::size_t i = 3; i < mask.rgba.size(); i += 4) opaque = opaque && mask.rgba[i] == 255;
  std::vector<bool> anew;
  for (std::size_t i = 0; i < mask.rgba.size(); i += 4) {
    const std::uint8_t* pixel = &mask.rgba[i];
    anew.push_back(opaque ? pixel[0] != 0 || pixel[1] != 0 || pixel[2] != 0 : pixel[3] != 0);
  }
  if (!has_mark(anew))
    throw refused("the mask " + name_of(file) + " is empty: there is nothing to make anew",
                  opaque ? "what is to be made anew is not black in a mask without transparency"
                         : "what is to be made anew is not transparent in a mask");
  return anew;
}

// Whether each pixel of the sprite is made anew. A mask of the image's own size becomes a sprite as the image does.
std::vector<bool> made_anew(const Image& mask, const ImageFile& file, const SpriteFit& fit) {
  if (mask.width == fit.width && mask.height == fit.height) return marked(mask, file);
  const std::string own = size_text(fit.image_width, fit.image_height), of_sprites = size_text(fit.width, fit.height);
  if (mask.width != fit.image_width || mask.height != fit.image_height)
    throw refused("the mask " + name_of(file) + " has " + size_text(mask.width, mask.height) +
                      " pixels, and the sprites of this model " + of_sprites,
                  "draw the mask at the size of the sprites" + (own == of_sprites ? "" : ", or of the init image: " + own));
  std::vector<bool> anew = fitted_marks(marked(mask, file), fit);
  if (!has_mark(anew))
    throw refused("the mask " + name_of(file) + " marks only margins, which were cut off from the init image",
                  "mark a part of what is drawn");
  return anew;
}

void check_without_image(const SampleSettings& settings) {
  if (!settings.mask.path.empty())
    throw refused("the mask " + name_of(settings.mask) + " has no init image to be made anew in part",
                  "choose the init image too (--init-image)");
  if (settings.init_params.empty()) return;
  throw refused(find_spec(init_image_specs(), settings.init_params.begin()->first, "init image").label +
                    " means nothing without an init image",
                "choose one (--init-image), or leave it out");
}

}  // namespace

void KeptPixels::put_into(Frame& frame) const {
  const std::size_t size = image.rgba.size();
  for (std::size_t i = 0; i < frame.rgba.size(); i += 4) {
    const std::size_t place = i % size;
    if (!anew[place / 4]) std::copy_n(&image.rgba[place], 4, &frame.rgba[i]);
  }
}

at::Tensor InitImage::x0(int channels) const { return sprite_tensor(image, channels).unsqueeze(0); }

at::Tensor InitImage::mask() const {
  if (!kept) return {};
  at::Tensor mask = at::empty({1, 1, image.height, image.width}, at::kBool);
  std::copy(kept->anew.begin(), kept->anew.end(), mask.data_ptr<bool>());
  return mask;
}

std::optional<InitImage> read_init_image(SampleSettings& settings, const NetworkShape& shape) {
  if (settings.init_image.path.empty()) {
    check_without_image(settings);
    return std::nullopt;
  }
  settings.init_params = validated(init_image_specs(), settings.init_params, "init image");
  if (settings.mask.path.empty() && get_int(settings.init_params, "resample") > 1)
    throw refused("resampling fits what is made anew to what a mask keeps, and there is no mask",
                  "choose a mask (--mask), or leave resample at 1");
  const Image image = read_checked(settings.init_image);
  const SpriteFit fit = fit_to_sprite(image, shape.width, shape.height);
  InitImage init{.image = fitted(image, fit), .fit = fit_text(fit)};
  if (!init.fit.empty()) init.fit = name_of(settings.init_image) + ": " + init.fit;
  if (!settings.mask.path.empty()) init.kept = KeptPixels{init.image, made_anew(read_checked(settings.mask), settings.mask, fit)};
  return init;
}

}  // namespace kiln
