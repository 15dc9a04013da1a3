// enlarge_icon ICON OUT…: the icon in the sizes that the files' names begin with, each pixel a square.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include "engine/formats/image_file.h"
#include "engine/pixelart/scale.h"

int main(int argc, char** argv) {
  try {
    const kiln::Image icon = kiln::read_image(argv[1]);
    for (int i = 2; i < argc; ++i) {
      const std::filesystem::path out = argv[i];
      const int size = std::stoi(out.stem().string());
      kiln::write_png(out, kiln::upscaled(icon, size / icon.width));
    }
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "enlarge_icon: %s\n", failure.what());
    return 1;
  }
}
