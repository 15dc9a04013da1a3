#include "engine/api/recipe_json.h"

#include "engine/formats/png_chunks.h"
#include "engine/gallery/recipe_png.h"
#include "target.h"

// The data as a PNG, as the content of a text chunk in one, and as the text itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kiln;
  fuzz::read([&] { recipe_in_png({data, size}, "fuzz"); });
  Bytes png = png_beginning();
  append_png_chunk(png, "iTXt", {data, size});
  fuzz::read([&] { recipe_in_png(png, "fuzz"); });
  return fuzz::read([&] { recipe_text(parse_recipe_text(fuzz::text(data, size), "fuzz")); });
}
