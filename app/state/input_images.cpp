#include "app/state/input_images.h"

#include <filesystem>
#include <system_error>

#include "engine/base/file.h"
#include "engine/base/paths.h"
#include "engine/base/sha256.h"
#include "engine/formats/image_file.h"

namespace kiln {

ImageFile keep_input_image(const Image& image) {
  const Bytes png = encode_png(image);
  ImageFile file;
  file.sha256 = sha256_hex(png);
  const std::filesystem::path path = home_folder() / "inputs" / (file.sha256 + ".png");
  file.path = path.string();
  std::error_code none;
  if (std::filesystem::file_size(path, none) != png.size() || none) {
    write_file(path, png);
  } else {  // as old as its last use
    std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now(), none);
  }
  return file;
}

}  // namespace kiln
