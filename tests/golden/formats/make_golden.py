# Makes the golden files of this folder with Pillow, NumPy, zipfile and pickle. Run it in any folder: python3 make_golden.py
import io,json,os,pickle,struct,subprocess,sys,types,zipfile
from collections import OrderedDict
import numpy as np
from PIL import Image
d=os.path.join(os.path.dirname(os.path.abspath(__file__)),'')

def px(x,y): return ((x*50+y*3)%256,(y*60+10)%256,(x*7+y*11+128)%256,[255,0,128,1,254][x])
a=np.array([[px(x,y) for x in range(5)] for y in range(4)],np.uint8)
im=Image.fromarray(a,'RGBA'); rgb=Image.fromarray(a[:,:,:3].copy(),'RGB')
im.save(d+'rgba.png'); rgb.save(d+'rgb.png'); rgb.save(d+'rgb.bmp'); im.save(d+'rgba.tga'); im.save(d+'rle.tga',compression='tga_rle'); rgb.save(d+'rgb.ppm')
Image.fromarray(a[:,:,0].copy(),'L').save(d+'grey.png')
p=Image.fromarray(np.array([[0,1,2],[2,1,0]],np.uint8),'P'); p.putpalette([255,0,0, 0,255,0, 0,0,255]); p.save(d+'indexed.png',transparency=bytes([255,0,255])); p.save(d+'indexed.gif',transparency=1)
rgb.resize((16,16)).save(d+'photo.jpg',quality=95)
# Animations; what each frame shows is in animations.npy, [5, 3, 4, 6, 4]: GIF, APNG blended over, APNG replaced, WebP, GIF of parts.
red,green,blue=(255,0,0,255),(0,255,0,255),(0,0,255,255)
def canvas(*rects):
    c=Image.new('RGBA',(6,4),(0,0,0,0))
    for colour,box in rects: c.paste(colour,box)
    return c
full=[canvas((red,(0,0,3,2))),canvas((red,(0,0,3,2)),(green,(2,1,5,4))),canvas((blue,(5,3,6,4)))]
def hide(f): f=np.array(f); f[f[...,3]==0]=0; return f
full[0].save(d+'moving.gif',save_all=True,append_images=full[1:],duration=[100,50,200],loop=0,disposal=2)
full[0].save(d+'moving.png',save_all=True,append_images=full[1:],duration=[100,50,200],disposal=1,blend=0)
half=[canvas(((255,0,0,128),(0,0,3,2))),canvas(((0,255,0,128),(2,1,5,4))),canvas((blue,(5,3,6,4)))]
half[0].save(d+'blended.png',save_all=True,append_images=half[1:],duration=100,disposal=0,blend=1)
full[0].save(d+'moving.webp',save_all=True,append_images=full[1:],duration=[100,50,200],lossless=True,exact=True)
full[1].save(d+'still.webp',lossless=True)
over=[hide(f) for f in half]; acc=over[0].astype(float)/255; stack=[over[0]]
for f in over[1:]:
    f=f.astype(float)/255; a=f[...,3:]; b=acc[...,3:]*(1-a); o=a+b; acc=np.concatenate([np.where(o>0,(f[...,:3]*a+acc[...,:3]*b)/np.maximum(o,1e-9),0),o],-1)
    stack.append(np.rint(acc*255).astype('u1'))
# GIF by hand: a canvas of 6×4 with a background colour, a frame of 3×2 at 1,1, interlaced, kept; one of 2×2 put back; one of 2×1.
def lzw(codes,bits=2):
    clear,end=1<<bits,(1<<bits)+1; out=0; n=0
    for c in [x for v in codes for x in (clear,v)]+[end]: out|=c<<n; n+=bits+1
    b=out.to_bytes((n+7)//8,'little'); return bytes([bits,len(b)])+b+b'\0'
def part(x,y,w,h,codes,dispose,transparent=None,interlaced=0):
    return bytes([0x21,0xf9,4,dispose<<2|(transparent is not None),7,0,transparent or 0,0,0x2c])+struct.pack('<4H',x,y,w,h)+bytes([interlaced<<6])+lzw(codes)
gif=b'GIF89a'+struct.pack('<2H',6,4)+bytes([0x81,3,0])+bytes([255,0,0, 0,255,0, 0,0,255, 9,9,9])
gif+=part(1,1,3,2,[0,0,1,1,0,2],1,interlaced=1)+part(0,0,2,2,[1,3,1,1],3,transparent=3)+part(4,3,2,1,[2,2],2)+b';'
open(d+'parts.gif','wb').write(gif)
C=[red,green,blue]; p0=np.zeros((4,6,4),'u1')
for i,c in enumerate([0,0,1,1,0,2]): p0[1+i//3,1+i%3]=C[c]
p1=p0.copy(); p1[0,0]=C[1]; p1[1,0]=C[1]; p1[1,1]=C[1]
p2=p0.copy(); p2[3,4:6]=C[2]
f=[hide(x) for x in full]
np.save(d+'animations.npy',np.stack([f,stack,f,f,[p0,p1,p2]]).astype('u1'))
w=np.array([[0.5,1,2],[3,4,-3.25]],'<f4'); 
parts=[('layer.weight','F32',[2,3],w.tobytes()),('scalar','I64',[],struct.pack('<q',-7)),('none','F16',[0,3],b''),('flags','BOOL',[3],bytes([0,1,1]))]
h={'__metadata__':{'format':'pt','note':'größe'}}; off=0; data=b''
for n,dt,s,b in parts:
    h[n]={'dtype':dt,'shape':s,'data_offsets':[off,off+len(b)]}; off+=len(b); data+=b
t=json.dumps(h).encode(); t+=b' '*(-len(t)%8)
open(d+'small.safetensors','wb').write(struct.pack('<Q',len(t))+t+data)
a=np.arange(24).reshape(2,3,4)
np.save(d+'f4.npy',(a*0.5-3).astype('<f4')); np.save(d+'fortran.npy',np.asfortranarray(a.astype('<i2'))); np.save(d+'big_endian.npy',a.astype('>i4'))
np.save(d+'f2.npy',np.array([0,1,-2.5,65504,6e-8,np.inf],'<f2')); np.save(d+'bool.npy',np.array([[True,False]])); np.save(d+'scalar.npy',np.array(7,'<i8'))
with open(d+'version3.npy','wb') as f: np.lib.format.write_array(f,np.array([1,2,255],'u1'),version=(3,0))
v=np.arange(6,dtype='u1'); h=b"{'descr': '|u1', 'fortran_order': False, 'shape': (2L, 3L), }"; h+=b' '*(118-len(h)-1)+b'\n'; open(d+'python2.npy','wb').write(b'\x93NUMPY\x01\x00'+struct.pack('<H',len(h))+h+v.tobytes())
seven=np.full((3,100),7,'u1'); np.savez(d+'one.npz',seven); np.savez_compressed(d+'one_compressed.npz',sprites=seven); np.savez(d+'two.npz',sprites=seven,labels=np.arange(3))
np.save(d+'objects.npy',np.array([{},1],object),allow_pickle=True); np.save(d+'structure.npy',np.zeros(2,dtype=[('a','<f4'),('b','u1')])); np.save(d+'text.npy',np.array(['ab','c']))
for name,method in (('bzip2',zipfile.ZIP_BZIP2),('lzma',zipfile.ZIP_LZMA)):
    with zipfile.ZipFile(d+name+'.npz','w',method) as z: z.writestr(zipfile.ZipInfo('a.npy',(1980,1,1,0,0,0)),open(d+'f4.npy','rb').read(),method)
# Zipped anew on a Mac: folders, attributes of the files and of the folder beside them.
def on_a_mac(name,members,method):
    double=bytes.fromhex('0005160700020000')+b'Mac OS X        '+bytes(58)
    with zipfile.ZipFile(d+name,'w') as z:
        def w(n,b,m): z.writestr(zipfile.ZipInfo(n,(1980,1,1,0,0,0)),b,m)
        for n,b in members.items():
            w(n,b,method); w('__MACOSX/'+os.path.join(os.path.dirname(n),'._'+os.path.basename(n)),double,zipfile.ZIP_DEFLATED)
        w('set/','',zipfile.ZIP_STORED); w('set/.DS_Store',bytes(6148),zipfile.ZIP_DEFLATED); w('._set.npy',double,zipfile.ZIP_BZIP2)
on_a_mac('mac.npz',{'sprites.npy':open(d+'f4.npy','rb').read()},zipfile.ZIP_DEFLATED)
# A TorchScript archive, by the real torch where there is one.
subprocess.run([sys.executable,'-c','import sys,torch; torch.manual_seed(0); torch.jit.save(torch.jit.script(torch.nn.Linear(1,1)),sys.argv[1])',d+'script.pt'])
# Checkpoints as torch.save writes them, made without torch: stand-ins under its names, pickled by Python's own pickler.
torch=types.ModuleType('torch'); utils=types.ModuleType('torch._utils'); sys.modules['torch']=torch; sys.modules['torch._utils']=utils; torch._utils=utils
def fn(mod,name):
    def f(*a): raise RuntimeError
    f.__name__=f.__qualname__=name; f.__module__=mod.__name__; setattr(mod,name,f); return f
v2=fn(utils,'_rebuild_tensor_v2'); par=fn(utils,'_rebuild_parameter'); Size=fn(torch,'Size')
def typ(n):
    t=type(n,(),{}); t.__module__='torch'; setattr(torch,n,t); return t
T={n:typ(n) for n in ('FloatStorage','HalfStorage','LongStorage')}
class Call:
    def __init__(s,f,*a): s.f,s.a=f,a
    def __reduce__(s): return (s.f,s.a)
class Sto:
    def __init__(s,t,key,n): s.id=('storage',T[t],key,'cpu',n)
def tensor(s,off,size,stride): return Call(v2,s,off,size,stride,False,OrderedDict())
class P(pickle.Pickler):
    def persistent_id(s,o): return o.id if isinstance(o,Sto) else None
def dumps(o,proto):
    b=io.BytesIO(); P(b,proto).dump(o); return b.getvalue()
def save(name,o,data,proto=2,comp=zipfile.ZIP_STORED,force64=False):
    p=d+name
    with zipfile.ZipFile(p,'w',comp) as z:
        def w(n,b):
            zi=zipfile.ZipInfo(n,(1980,1,1,0,0,0)); zi.compress_type=comp
            with z.open(zi,'w',force_zip64=force64) as f: f.write(b)
        w('small/data.pkl',dumps(o,proto)); w('small/byteorder',b'little')
        for k,b in data.items(): w('small/data/'+k,b)
        w('small/version',b'3\n')
a=struct.pack('<6f',0,1,2,3,4,5); h=struct.pack('<3e',0.5,-2,65504); l=struct.pack('<q',-7)
s0=Sto('FloatStorage','0',6); s1=Sto('HalfStorage','1',3); s2=Sto('LongStorage','2',1)
state=OrderedDict([('weight',tensor(s0,0,(3,2),(1,3))),('half',tensor(s1,0,(3,),(1,))),('param',Call(par,tensor(s0,2,(2,2),(2,1)),True,OrderedDict())),('steps',tensor(s2,0,(),())),('none',tensor(s0,0,(0,4),(4,1))),('wide',tensor(s0,4,(2,2),(0,1)))])
state._metadata=OrderedDict([('',{'version':1})])
root={'state':state,'epoch':12,'big':-2**40,'loss':0.125,'name':'größe','ok':True,'nothing':None,'list':[1,(2,3),'x'],5:'five','shape':Call(Size,(4,5))}
data={'0':a,'1':h,'2':l}
save('small.pth',root,data); save('small_protocol4.pth',root,data,4,force64=True)
save('deflated.pth',root,data,comp=zipfile.ZIP_DEFLATED)
# As before PyTorch 1.6: pickles one after the other, then each storage behind its number of elements.
class L(pickle.Pickler):
    def persistent_id(s,o): return o.id+(None,) if isinstance(o,Sto) else None
def legacy(name,o,data,proto):
    b=io.BytesIO()
    for x in [0x1950a86a20f9469cfc6c,1001,{'protocol_version':1001,'little_endian':True,'type_sizes':{'short':2,'int':4,'long':4}},o,sorted(data)]: L(b,proto).dump(x)
    for k in sorted(data): b.write(struct.pack('<q',{'0':6,'1':3,'2':1}[k])+data[k])
    open(d+name,'wb').write(b.getvalue())
legacy('legacy.pth',root,data,2); legacy('legacy_protocol4.pth',root,data,4)
save('nested.pth',{'epoch':3,'a.weight':tensor(s0,0,(2,),(1,)),'opt':{'state':{0:{'exp':tensor(s0,2,(1,),(1,))}}},'ema':OrderedDict([('step',tensor(s2,0,(),())),('ema_model.a.weight',tensor(s0,4,(2,),(1,)))])},data)
with zipfile.ZipFile(d+'small.pth') as z: on_a_mac('mac.pth',{n:z.read(n) for n in z.namelist()},zipfile.ZIP_STORED)
import posix
save('call.pth',{'x':Call(posix.system,'echo hello')},data); save('call_protocol4.pth',{'x':Call(posix.system,'echo hello')},data,4)
c=[1]; c.append(c); save('cyclic.pth',{'x':c},data)
l=[1]
for i in range(60): l=[l,l]
save('doubling.pth',{'x':l},data)
save('missing.pth',{'x':tensor(Sto('FloatStorage','9',6),0,(6,),(1,))},data)
save('liar.pth',{'x':tensor(Sto('FloatStorage','0',1<<40),0,(6,),(1,))},data)
save('outside.pth',{'x':tensor(s0,1,(3,2),(2,1))},data)
save('enormous.pth',{'x':tensor(s0,0,(1<<40,),(0,))},data)
save('overflow.pth',{'x':tensor(s0,0,(1<<62,1<<62),(1<<62,1))},data)
