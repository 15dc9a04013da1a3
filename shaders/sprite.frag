#version 330 core
// A sprite, straight alpha, over the transparency checkerboard; opaque on screen. Whole numbers and no filtering: this runs on
// processors too.
noperspective in vec2 texel;
flat in int sprite_layer;

uniform sampler2DArray sprites;
uniform int check_shift; // squares of the checkerboard are 2^check_shift texels wide
uniform vec3 check_dark;
uniform vec3 check_light;
uniform int scene_ground; // the first row of the ground, of a scene in place of the checkerboard; 0 for none
uniform vec3 scene[4];    // sky, sky above the ground, grass or edge, ground
uniform float grid_alpha; // of the lines between texels; 0 for none
uniform float zoom;       // framebuffer pixels a texel

out vec4 colour;

// Bands of sky with one dithered row between them, and speckled ground under a row of grass.
vec3 scenery(ivec2 at) {
  int half_way = scene_ground / 2;
  if (at.y < scene_ground) return at.y < half_way || (at.y == half_way && (at.x & 1) == 0) ? scene[0] : scene[1];
  bool speck = (at.x * 5 + at.y * 3) % 11 == 0;
  return at.y == scene_ground || speck ? scene[2] : scene[3];
}

void main() {
  ivec2 at = ivec2(texel);
  ivec2 square = at >> check_shift;
  vec3 shown = ((square.x ^ square.y) & 1) == 0 ? check_dark : check_light;
  if (scene_ground > 0) shown = scenery(at);
  if (sprite_layer >= 0) {
    vec4 pixel = texelFetch(sprites, ivec3(at, sprite_layer), 0);
    shown = mix(shown, pixel.rgb, pixel.a);
  }
  if (grid_alpha > 0.0) {
    vec2 from_edge = (texel - vec2(at)) * zoom;
    if (min(from_edge.x, from_edge.y) < 1.0) shown *= 1.0 - grid_alpha;
  }
  colour = vec4(shown, 1.0);
}
