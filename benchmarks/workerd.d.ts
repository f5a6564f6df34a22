// The npm package `workerd` has no types of its own: a CommonJS module that says where its binary is.
declare module "workerd" {
  const workerd: { readonly default: string };
  export default workerd;
}
